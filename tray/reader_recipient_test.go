package tray

import (
	"slices"
	"strings"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// recipients are the cards of a post-quantum tray: their text is in order, and of
// the numbers of the ML-KEM key that it spells, one is changed.
func (x *readerFiles) recipients() {
	w := newWorld(x, "deal.yaml")
	w.pq = true
	w.play("anna: create sales=anna")
	f := &forger{world: w}
	anna := f.actor("anna")
	for _, c := range []struct {
		name   string
		at, to int // which of the 768 numbers; -1 for none
		sound  bool
	}{
		{"as it is", -1, 0, true},
		{"the first number the largest", 0, 3328, true},
		{"the last number the largest", 767, 3328, true},
		{"the first number the modulus", 0, 3329, false},
		{"the second number the modulus", 1, 3329, false},
		{"the last number the modulus", 767, 3329, false},
		{"a number in the middle one more", 400, 3330, false},
		{"a number of all ones", 401, 4095, false},
	} {
		prefix, raw := unbech32(anna.reader.Recipient().String())
		if c.at >= 0 {
			b := raw[c.at/2*3:]
			if c.at%2 == 0 {
				b[0], b[1] = byte(c.to), b[1]&0xf0|byte(c.to>>8)
			} else {
				b[1], b[2] = b[1]&0x0f|byte(c.to<<4), byte(c.to>>4)
			}
		}
		card := f.card(anna.signer, entry.Card{Key: f.public(anna.signer).String(), PQ: bech32(prefix, raw)})
		e := f.entry("anna", &entry.Create{Format: entry.Format, Nonce: f.nonce(), Suite: string(section.PQ), Template: f.tpl.Digest()},
			&entry.Admit{Card: card, Roles: []string{"sales"}})
		e.Tray, e.Seq, e.Prev = sign.Hash{}, 0, sign.Hash{}
		line := f.line(e, anna.signer)
		file := rewrite(x, []content{{archiveMark, []byte(ArchiveType)}, {archiveLog, append(line, '\n')}, {archiveTemplate, f.tpl.Canonical()}})
		if c.sound {
			x.accepted("a recipient, "+c.name, file, nil)
		} else {
			x.refused("a recipient, "+c.name, file, BadCard)
		}
	}
}

const bech32Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// unbech32 gives prefix and bytes of a text that is in order.
func unbech32(text string) (prefix string, raw []byte) {
	sep := strings.LastIndexByte(text, '1')
	value, bits := 0, 0
	for _, c := range text[sep+1 : len(text)-6] {
		value, bits = value<<5|strings.IndexRune(bech32Letters, c), bits+5
		if bits >= 8 {
			bits -= 8
			raw = append(raw, byte(value>>bits))
			value &= 1<<bits - 1
		}
	}
	return text[:sep], raw
}

// bech32 spells bytes as age does: BIP 173, of any length.
func bech32(prefix string, raw []byte) string {
	var five, check []byte
	value, bits := 0, 0
	for _, b := range raw {
		value, bits = value<<8|int(b), bits+8
		for ; bits >= 5; bits -= 5 {
			five = append(five, byte(value>>(bits-5)&31))
		}
	}
	if bits > 0 {
		five = append(five, byte(value<<(5-bits)&31))
	}
	for i := range len(prefix) {
		check = append(check, prefix[i]>>5)
	}
	check = append(check, 0)
	for i := range len(prefix) {
		check = append(check, prefix[i]&31)
	}
	sum := uint32(1)
	for _, v := range slices.Concat(check, five, make([]byte, 6)) {
		top := sum >> 25
		sum = sum&(1<<25-1)<<5 ^ uint32(v)
		for i, g := range []uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	sum ^= 1
	var out strings.Builder
	out.WriteString(prefix + "1")
	for _, v := range five {
		out.WriteByte(bech32Letters[v])
	}
	for i := range 6 {
		out.WriteByte(bech32Letters[sum>>(5*(5-i))&31])
	}
	return out.String()
}
