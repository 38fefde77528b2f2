package tray

import "github.com/vassoio/vassoio/rules"

// The words of this package for people. Titles stand in them without articles, and
// where their gender and number do not matter.

// wording says what is missing, of %s, and what who can provide it can do.
type wording struct{ what, can rules.Text }

func words(whatEN, canEN, whatIT, canIT string) wording {
	return wording{rules.Text{"en": whatEN, "it": whatIT}, rules.Text{"en": canEN, "it": canIT}}
}

func say(en, it string) rules.Text { return rules.Text{"en": en, "it": it} }

// blockerWords are by need, and by what else decides: see [titles.about].
var blockerWords = map[string]wording{
	"state write":          words("%s: cannot be filled in at this stage", "fill it in at another", "%s: in questa fase non si compila", "compilare in un'altra"),
	"state fire":           words("“%s” is not possible at this stage", "do it at another", "«%s»: in questa fase non si può", "farlo in un'altra"),
	"role write":           words("%s: is for others to fill in", "fill it in", "%s: tocca ad altri compilare", "compilare"),
	"role write own":       words("%s: only whose it is can fill it in", "", "%s: può compilare solo l'interessato", ""),
	"role sign":            words("“%s” is for others to sign", "sign it", "«%s»: tocca ad altri firmare", "firmare"),
	"role fire":            words("“%s” is for others to do", "do it", "«%s»: tocca ad altri", "farlo"),
	"role manage":          words("%s: is for others to bring in or dismiss", "do so", "%s: tocca ad altri ammettere o escludere", "farlo"),
	"role admit":           words("%s: nobody could come in any more", "admit somebody first", "%s: nessuno potrebbe più entrare", "ammettere prima qualcuno"),
	"role invite":          words("%s: a new invite is needed", "invite", "%s: occorre un nuovo invito", "invitare"),
	"role withdraw":        words("too many invites are open", "withdraw one", "ci sono troppi inviti aperti", "ritirarne uno"),
	"role dismiss":         words("%s: there are too many", "dismiss one", "%s: sono troppi", "escluderne uno"),
	"reader":               words("%s: nobody who takes part could read it", "bring in somebody who does", "%s: nessuno dei partecipanti potrebbe leggere", "far entrare chi legge"),
	"section":              words("%s: is still to be filled in", "fill it in", "%s: ancora da compilare", "compilare"),
	"field":                words("%s", "correct it", "%s", "correggere"),
	"field required":       words("%s", "fill it in", "%s", "compilare"),
	"condition valid":      words("%s: something in it is not right yet", "correct it", "%s: qualcosa non va ancora", "correggere"),
	"condition change":     words("%s: may not be changed so", "write something else", "%s: non si può cambiare così", "scrivere altro"),
	"condition guard":      words("“%s”: what it takes is not there yet", "change that", "«%s»: manca ancora ciò che occorre", "rimediare"),
	"condition required":   words("“%s”: whether it must be signed cannot be told", "correct what decides it", "«%s»: non si può dire se occorre firmare", "correggere ciò da cui dipende"),
	"condition rule":       words("%s", "correct it", "%s", "correggere"),
	"decision":             words("this program cannot check: “%s”", "", "questo programma non può verificare: «%s»", ""),
	"attestation valid":    words("%s: is still to be checked", "check it", "%s: ancora da verificare", "verificare"),
	"attestation change":   words("%s: the change is still to be checked", "check it", "%s: la modifica è ancora da verificare", "verificare"),
	"attestation guard":    words("“%s”: whether all it takes is there is still to be checked", "check it", "«%s»: se c'è ciò che occorre è ancora da verificare", "verificare"),
	"attestation required": words("“%s”: whether it must be signed is still to be checked", "check it", "«%s»: se occorre firmare è ancora da verificare", "verificare"),
	"attestation rule":     words("still to be checked: “%s”", "check it", "ancora da verificare: «%s»", "verificare"),
	"share attest":         words("%s: who is to check it does not have it yet", "pass it on by saving anything", "%s: chi deve verificare non può ancora leggere", "trasmettere, salvando qualsiasi cosa"),
	"share sign":           words("%s: who is to sign does not have it yet", "pass it on by saving anything", "%s: chi deve firmare non può ancora leggere", "trasmettere, salvando qualsiasi cosa"),
	"revision attest":      words("%s: who is to check it cannot read it, and nobody can pass it on", "fill it in anew", "%s: chi deve verificare non può leggere, e nessuno può trasmettere", "compilare di nuovo"),
	"revision sign":        words("%s: who is to sign cannot read it, and nobody can pass it on", "fill it in anew", "%s: chi deve firmare non può leggere, e nessuno può trasmettere", "compilare di nuovo"),
	"signature":            words("the signature “%s” is missing", "sign", "manca la firma «%s»", "firmare"),
	"signature stale":      words("the signature “%s” is stale: what it covers has changed", "sign again", "la firma «%s» non vale più: ciò che copre è cambiato", "firmare di nuovo"),
	"reason":               words("“%s” asks for a reason", "give one", "«%s»: occorre un motivo", "indicarlo"),
}

// codeWords are by code, for what no blocker, value or computed field tells.
var codeWords = map[Code]rules.Text{
	Malformed:   say("what was sent is damaged", "ciò che è stato inviato è danneggiato"),
	Forged:      say("a seal does not hold: somebody changed what was written", "un sigillo non tiene: qualcuno ha cambiato ciò che era scritto"),
	Unsupported: say("this program is too old for the document", "questo programma è troppo vecchio per il documento"),
	BadChain:    say("what was sent does not follow what was written before", "ciò che è stato inviato non segue ciò che era scritto prima"),
	BadTime:     say("the clock is behind that of who wrote before", "l'orologio è indietro rispetto a chi ha scritto prima"),
	BadSkew:     say("the clock is wrong: it is far from that of the server", "l'orologio è sbagliato: è lontano da quello del server"),
	NotAuthor:   say("you take no part in this document, or no longer", "non partecipi a questo documento, o non più"),
	BadKey:      say("the key is not the present one, or was used before", "la chiave non è quella attuale, o è già stata usata"),
	BadCard:     say("the participant's card does not fit", "la scheda del partecipante non va bene"),
	NoRight:     say("this is for others to do", "tocca ad altri farlo"),
	NotNow:      say("this cannot be done at this stage", "in questa fase non si può fare"),
	NotFound:    say("something is named that the document does not have", "si nomina qualcosa che il documento non ha"),
	BadOrder:    say("this cannot be done together, or not in this order", "queste cose non si fanno insieme, o non in quest'ordine"),
	BadRevision: say("somebody else has changed the same in the meantime", "nel frattempo qualcun altro ha cambiato la stessa cosa"),
	BadRoot:     say("a content is not the one that was announced", "un contenuto non è quello annunciato"),
	BadReaders:  say("a content is not for exactly those who may read it", "un contenuto non è per tutti e soli quelli che possono leggere"),
	BadBlob:     say("a sealed content is missing or damaged", "un contenuto sigillato manca o è danneggiato"),
	BadInvite:   say("the invite does not fit", "l'invito non va bene"),
	BadAttest:   say("this check is for others to make", "questa verifica tocca ad altri"),
	BadSign:     say("what was signed is not what is there now", "ciò che è stato firmato non è ciò che c'è ora"),
	BadOutcome:  say("a check does not come out as it was said", "una verifica non dà l'esito indicato"),
	BadReason:   say("a reason is missing, or none is asked for", "manca un motivo, o non è richiesto"),
	BadValue:    say("a value does not fit its field", "un valore non va bene per il suo campo"),
	Blocked:     say("something is still missing", "manca ancora qualcosa"),
	TooMany:     say("this is more than there is room for", "è più di quanto ci sta"),
}

// inviteWords are by what became of an invite.
var inviteWords = map[InviteStatus]rules.Text{
	InviteUsed:      say("the invite was used before", "l'invito è già stato usato"),
	InviteWithdrawn: say("the invite was withdrawn", "l'invito è stato ritirato"),
	InviteExpired:   say("the invite has expired", "l'invito è scaduto"),
	InviteUnknown:   say("there is no such invite in this document", "in questo documento non c'è un invito simile"),
}

var (
	wordsRefused  = say("this was refused", "è stato rifiutato")
	wordsMissing  = say("%s: something is missing", "%s: manca qualcosa")
	wordsProvide  = say("provide it", "rimediare")
	wordsComputed = say("%s: cannot be computed; is a number too large?", "%s: non si può calcolare; un numero è troppo grande?")
	wordsRule     = say("the rule “%s” does not hold", "la regola «%s» non è rispettata")
	wordsCan      = say("%[1]s can %[2]s", "può %[2]s: %[1]s")
	wordsNobody   = say("nobody can %s at present", "per ora nessuno può %s")
	wordsDismiss  = say("dismiss its participant", "escludere il partecipante")
	wordsWith     = say(", with %s", ", con %s")
	wordsBroke    = say("a check of the application failed: try again later", "un controllo dell'applicazione è fallito: riprovare più tardi")
	wordsDear     = say("this program does not make that check: it could take too long", "questo programma non fa quella verifica: potrebbe durare troppo")
	wordsOr       = say(" or ", " o ")
)
