package tray

import (
	"crypto"
	"errors"
	"fmt"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// Card is what a participant shows to be admitted: its public key and how to
// encrypt to it, signed by that key (a compact JWS). It is public, and the same
// for every tray. Send it as it is.
type Card string

// ParseCard checks a card that came from somewhere else: its spelling, its
// signature, its keys. It fails with [BadCard].
func ParseCard(s string) (Card, error) {
	if _, card, err := openCard(s); err != nil {
		return "", &Refusal{Code: BadCard, Op: -1, Err: err}
	} else if err := checkRecipients(card); err != nil {
		return "", &Refusal{Code: BadCard, Op: -1, Err: err}
	}
	return Card(s), nil
}

// ID gives the id that the participant will have in a tray it is admitted to
// with this card, or "" for something that is no card. People compare it to
// know whom they admit.
func (k Card) ID() string {
	key, _, err := openCard(string(k))
	if err != nil {
		return ""
	}
	return key.Thumbprint()
}

func newCard(signer crypto.Signer, recipients map[section.Suite]string) (Card, error) {
	key, err := sign.Public(signer)
	if err != nil {
		return "", err
	}
	card := entry.Card{Key: key.String(), PQ: recipients[section.PQ], Classic: recipients[section.Classic]}
	payload, err := card.Encode()
	if err != nil {
		return "", err
	}
	line, err := sign.Sign(entry.CardKind, payload, signer)
	return Card(line), err
}

// openCard verifies a card by the key that it names.
func openCard(jws string) (sign.PublicKey, *entry.Card, error) {
	var key sign.PublicKey
	var card *entry.Card
	_, err := sign.Open(entry.CardKind, []byte(jws), func(payload []byte) (_ sign.PublicKey, err error) {
		if card, err = entry.ParseCard(payload); err != nil {
			return key, err
		}
		key, err = sign.ParsePublicKey(card.Key)
		return key, err
	})
	return key, card, err
}

// readCard is openCard where a pinned head stands for the card: for its signature,
// and for its key being sound.
func readCard(jws string) (sign.PublicKey, *entry.Card, error) {
	payload, err := sign.Read(entry.CardKind, []byte(jws))
	if err != nil {
		return sign.PublicKey{}, nil, err
	}
	card, err := entry.ParseCard(payload)
	if err != nil {
		return sign.PublicKey{}, nil, err
	}
	key, err := sign.ReadPublicKey(card.Key)
	return key, card, err
}

// openClaim verifies a claim by the key of its invite.
func openClaim(jws string, key sign.PublicKey) (*entry.Claim, error) {
	payload, err := sign.Open(entry.ClaimKind, []byte(jws), func([]byte) (sign.PublicKey, error) { return key, nil })
	if err != nil {
		return nil, err
	}
	return entry.ParseClaim(payload)
}

// readClaim is openClaim where a pinned head stands for the claim's signature.
func readClaim(jws string) (*entry.Claim, error) {
	payload, err := sign.Read(entry.ClaimKind, []byte(jws))
	if err != nil {
		return nil, err
	}
	return entry.ParseClaim(payload)
}

// recipientOf gives a card's recipient for a suite, or "".
func recipientOf(card *entry.Card, suite section.Suite) string {
	if suite == section.Classic {
		return card.Classic
	}
	return card.PQ
}

// checkRecipients demands that there is a recipient, and that encrypting to
// each works.
func checkRecipients(card *entry.Card) error {
	if card.PQ == "" && card.Classic == "" {
		return errors.New("no recipient")
	}
	for _, suite := range []section.Suite{section.PQ, section.Classic} {
		text := recipientOf(card, suite)
		if text == "" {
			continue
		}
		if _, err := section.ParseRecipient(suite, text); err != nil {
			return fmt.Errorf("%s: %w", suite, err)
		}
	}
	return nil
}
