package main

// language is "en" or "it".
type language string

func (l language) lang() string { return string(l) }

// in gives a text of the story in the language.
func (l language) in(english string) string {
	if text, ok := italian[english]; ok && l == "it" {
		return text
	}
	return english
}

// italian is the story in Italian, by its English.
var italian = map[string]string{
	// who plays
	"sales":    "vendite",
	"customer": "cliente",
	"care":     "servizio",
	"host":     "host",
	"somebody": "qualcuno",
	"the link": "il link",

	// what the host sees
	"host: %s":                      "host: %s",
	"host: nothing":                 "host: niente",
	"%s r%d, %d sealed bytes to %s": "%s r%d, %d byte sigillati per %s",
	"%s r%d shared to %s":           "%s r%d condivisa con %s",
	"attests":                       "attesta",
	"signs %s":                      "firma %s",
	", with a sealed reason to %s":  ", con un motivo sigillato per %s",
	"admits %s":                     "ammette %s",
	"invites %s":                    "invita %s",
	"create":                        "crea",
	"join":                          "entra",

	// the order
	"opens a tray of template %s; customer service is in from the start":           "apre un vassoio del modello %s; il servizio clienti c'è da subito",
	"fills in customer and products, an e-mail address for the phone, and submits": "compila cliente e prodotti, con un'e-mail per telefono, e invia",
	"mends it, and submits":                                                     "corregge, e invia",
	"reads the total, computed from the lines: %s":                              "legge il totale, calcolato dalle righe: %s",
	"invites the customer by a link, whose secret no browser sends to a server": "invita il cliente con un link, il cui segreto nessun browser manda a un server",
	"had no keys, and makes them":                                               "non aveva chiavi, e se le crea",
	"joins by the link, nobody else being online, and reads":                    "entra col link, senza che altri siano in linea, e legge",
	"%q, total %s":         "%q, totale %s",
	"tries the link again": "prova di nuovo il link",
	"corrects its certified e-mail address and confirms, without signing":       "corregge la sua PEC e conferma, senza firmare",
	"signs “%s” and confirms":                                                   "firma «%s» e conferma",
	"fills in the credit section, which nobody else can open: no credit yet":    "compila la sezione del fido, che nessun altro può aprire: per ora niente fido",
	"(so small an order need not be signed: nothing is refused for want of it)": "(un ordine così piccolo non occorre firmarlo: nulla è rifiutato perché manca la firma)",
	"(an order for nothing is within any limit: nothing is refused for it)":     "(un ordine da nulla sta in ogni fido: nulla è rifiutato perciò)",
	"tries to validate":                                            "prova a validare",
	"returns the tray with a reason":                               "restituisce il vassoio con un motivo",
	"The delivery is too early for the credit check.":              "La consegna è troppo presto per la verifica del fido.",
	"reads the reason, moves the delivery date, and submits again": "legge il motivo, sposta la consegna, e invia di nuovo",
	"“%s”": "«%s»",
	"confirms with the signature that it gave before":                 "conferma con la firma data prima",
	"reads what changed, signs again and confirms":                    "legge che cosa è cambiato, firma di nuovo e conferma",
	"grants credit for the whole order and validates":                 "concede il fido per tutto l'ordine e valida",
	"is told by the host's feed that the tray is closed: %s→%s by %s": "apprende dal feed dell'host che il vassoio è chiuso: %s→%s, di %s",

	// what is wrong
	"the order is not accepted:":                                  "l'ordine non è accettato:",
	"%s is of an order played before; give another -dir":          "%s è di un ordine giocato prima; serve un'altra -dir",
	"%q: there are flags only; -h lists them":                     "%q: ci sono solo opzioni; -h le elenca",
	"the story cannot be printed: %w":                             "la storia non si può stampare: %w",
	"the file is empty":                                           "il file è vuoto",
	"the text is not UTF-8":                                       "il testo non è UTF-8",
	"not JSON: %q is not expected here":                           "non è JSON: %q qui non ci sta",
	"not JSON: the text ends too early":                           "non è JSON: il testo finisce troppo presto",
	"not JSON that can be read: too deep":                         "non è JSON che si possa leggere: troppo profondo",
	"half a character: %s":                                        "mezzo carattere: %s",
	"%s: there is no such file":                                   "%s: il file non c'è",
	"%s: this is a folder, not a file":                            "%s: è una cartella, non un file",
	"%s: the file is larger than %d MiB, and no order is":         "%s: il file è più grande di %d MiB, e nessun ordine lo è",
	"%s: products.total is computed from the lines; leave it out": "%s: products.total si calcola dalle righe; non va dato",
	"an object section → field → value is expected":               "occorre un oggetto sezione → campo → valore",
	"something follows the order":                                 "dopo l'ordine c'è dell'altro",
	"%q is there twice":                                           "%q c'è due volte",
	"%s: sales fills in customer and products, not %q":            "%s: le vendite compilano customer e products, non %q",
	"%s: the section %q is missing":                               "%s: manca la sezione %q",

	// the host verifies, and somebody cheats
	"replays the whole log with no key":                         "ripercorre tutto il registro senza alcuna chiave",
	"%d entries verified, state %s":                             "%d righe verificate, stato %s",
	"section %s: revision %d by %s, opaque":                     "sezione %s: revisione %d di %s, opaca",
	"signature %s: by %s, in entry %d, stands":                  "firma %s: di %s, nella riga %d, vale",
	"condition %s: %s, attested by %s in entry %d":              "condizione %s: %s, attestata da %s nella riga %d",
	"changes one byte of the stored log":                        "cambia un byte del registro conservato",
	"entry %d is refused: %s":                                   "la riga %d è rifiutata: %s",
	"serves sales the log as it was %d entries ago":             "dà alle vendite il registro di %d righe fa",
	"a rollback: %d entries were pinned, and %d are served":     "un ritorno indietro: %d righe erano note, ne arrivano %d",
	"tries to open the credit section":                          "prova ad aprire la sezione del fido",
	"the section is opaque; of its %d files the keys open none": "la sezione è opaca; dei suoi %d file le chiavi non ne aprono nessuno",
	"All of it happened. order.tray and the store are in %s":    "È successo tutto. order.tray e lo store sono in %s",
}
