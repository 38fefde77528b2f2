package tray

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/tray/template"
)

// A replaced is a change of the canonical template of testdata/every.yaml: the first of what it
// replaces, or all of it; parts between § are replaced one after the other.
type replaced struct{ from, to string }

// refusedTemplates are changes after which it is no template, by why. The code is
// that of a problem that package template finds; if it is empty, what is changed is
// not the one encoding.
var refusedTemplates = []struct {
	why     string
	code    template.Code
	all     bool
	changes []replaced
}{
	{"is written otherwise", "", false, []replaced{
		{`{"format"`, "\ufeff" + `{"format"`},
		{`"title":{"en":"Everything","it":"Tutto"}`, `"title":{"it":"Tutto","en":"Everything"}`},
		{`"title":{"en":"Everything","it":"Tutto"}`, `"title":null`},
		{`"required":true,"format"`, `"required":false,"format"`},
		{`"notes":["maker"]`, `"notes":[]`},
		{`"notes":["maker"]`, `"notes":"maker"`},
		{`"notes":["maker"]`, `"notes":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)},
		{`{"state":"held"}`, `{"state":"held","due":""}`},
		{`{"state":"held"}`, `{"state":"held","final":0}`},
		{`"reason":"unfit"`, `"reason":""`},
		{`"quorum":"one",`, ``},
		{`"max":"1000"`, `"min":""`},
		{`"write":["maker"]`, `"write":null`},
		{`"due":"3d12h30m5s"`, `"due":"84h30m5s"`},
		{`"due":"3d12h30m5s"`, `"due":"3d12h0m5s"`},
		{`"due":"3d12h30m5s"`, `"due":"03d12h30m5s"`},
		{`"So it is"`, `"\u0053o it is"`},
		{`"So it is"`, `"So it is \ud800"`},
		{`"version":1`, `"version":1.0`},
		{`"version":1`, `"version":1.5`},
		{`"version":1`, `"version":"1"`},
		{`"version":1`, `"version":1e0`},
		{`"version":1`, `"version":9007199254740993000000`},
		{`"type":"boolean"`, `"type":"boolean","strict":true`},
	}},
	{"has another table", "", false, []replaced{
		{`{"condition":"valid.lone","sections":["lone"],"attest":["maker","helper"],"writer":true},`, ``},
		{`{"condition":"guard.proceed","sections":["data"],"facts":["participants"],"attest":["maker"],"events":["proceed"]},`, ``},
		{`,{"condition":"required.word","sections":["data"],"attest":["maker"],"events":["proceed"]}`, ``},
		{`{"condition":"rule.fits","sections":["open","data"],"attest":["maker"],"events":["proceed"]},`, ``},
		{`{"condition":"rule.steady"`, `{"condition":"rule.folded","sections":["open"],"events":["start","proceed"]},{"condition":"rule.steady"`},
		{`"at":["proceed"],"attest":["maker"]}§{"condition":"rule.fits","sections":["open","data"],"attest":["maker"],"events":["proceed"]},`, `"at":["proceed"]}§`},
		{`{"condition":"change.data","sections":["data"]`, `{"condition":"change.data","sections":["open","data"]`},
		{`{"condition":"rule.steady","sections":["data"]`, `{"condition":"rule.steady","sections":["data"],"facts":["role"]`},
		{`{"condition":"rule.fits"`, `{"condition":"rule.fit"`},
		{`{"condition":"valid.own","sections":["own"]`, `{"condition":"valid.own","sections":["mine"]`},
		{`{"condition":"valid.own","sections":["own"]`, `{"condition":"valid.own","sections":["own"],"old":true`},
		{`{"condition":"valid.own","sections":["own"]`, `{"condition":"valid.own","sections":["own"],"needs":["acme_code"]`},
		{`{"condition":"valid.own","sections":["own"]`, `{"condition":"valid.own","sections":["own","nothing"]`},
		{`{"condition":"change.data","sections":["data"],"old":true`, `{"condition":"change.data","sections":["data"]`},
		{`{"condition":"change.data","sections":["data"],"old":true,"attest":["maker"],"writer":true}`, `{"condition":"change.open","sections":["data"],"old":true,"attest":["maker"],"writer":true}`},
		{`{"condition":"rule.alike","sections":["own","mine"]`, `{"condition":"rule.alike","sections":["mine","own"]`},
		{`"sections":["data"],"needs":["acme_code"]`, `"sections":["data"]`},
		{`"sections":["data"],"needs":["acme_code"]`, `"sections":["data"],"needs":["acme_code","acme_code"]`},
		{`"sections":["data"],"needs":["acme_code"]`, `"sections":["data"],"needs":["known","acme_code"]`},
		{`"needs":["known"]`, `"needs":["acme_code","known"]`},
		{`"needs":["known"]`, `"needs":["unknown"]`},
		{`"facts":["participants"]`, `"facts":["participants","participants"]`},
		{`"facts":["participants"]`, `"facts":["state","participants"]`},
		{`"facts":["participants"]`, `"facts":["weather"]`},
	}},
	{"has a bad name", template.CodeName, true, []replaced{
		{`"every"`, `"Every"`}, {`"every"`, `"1st"`}, {`"every"`, `"a-b"`}, {`"every"`, `"òvery"`}, {`"every"`, `"every\n"`},
		{`guest`, `Guest`}, {`guest`, `_guest`}, {`guest`, `guest-s`}, {`guest`, strings.Repeat("g", 64)}, {`"guest"`, `"self"`},
		{`{"role":"guest"}§"sections":["own"],"attest":["maker","helper","guest"]§["mine"],"attest":["maker","helper","guest"]§["lone"],"attest":["maker","helper"]§["own","mine"],"attest":["maker","helper","guest"]`,
			`{"role":"guest"},{"role":"self","manages":["self"]}§"sections":["own"],"attest":["maker","helper","guest","self"]§["mine"],"attest":["maker","helper","guest","self"]§["lone"],"attest":["maker","helper","self"]§["own","mine"],"attest":["maker","helper","guest","self"]`},
		{`lone`, `Lone`}, {`lone`, `l.one`}, {`lone`, `state`}, {`lone`, `now`}, {`lone`, `today`}, {`lone`, `role`}, {`lone`, `participants`}, {`lone`, `signed`},
		{`town`, `Town`}, {`town`, ``}, {`"town"`, `"to wn"`},
		{`"held"`, `"Held"`}, {`drop`, `Drop`}, {`folded`, `Folded`}, {`"seal"`, `"s seal"`},
		{`"en":"Maker"`, `"EN":"Maker"`}, {`"en":"Maker"`, `"e":"Maker"`}, {`"en":"Maker"`, `"en_GB":"Maker"`}, {`"en":"Maker"`, `"en-":"Maker"`}, {`"en":"Maker"`, `"en-abcdefghi":"Maker"`},
		{`"en":"Maker"`, `"":"Maker"`}, {`"en":"Maker"`, `"en-a":"Maker"`},
	}},
	{"has a name that means something else", template.CodeField, true, []replaced{
		{`lone`, `true`}, {`lone`, `old`}, {`lone`, `in`}, {`guest`, `this`}, {`guest`, `import`}, {`"seal"`, `"lang"`}, {`"seal"`, `"null"`},
		{`town`, `while`}, {`town`, `let`}, {`acme_code`, `Acme`}, {`acme_code`, `email`},
		{`"known"`, `"size"`}, {`"known"`, `"isIban"`}, {`"known"`, `"all"`}, {`"known"`, `"isWorkday"`}, {`"known"`, `"transformMapEntry"`}, {`"known"`, `"acme_code"`}, {`"known"`, `"_known"`},
	}},
	{"defines something twice", template.CodeDuplicate, false, []replaced{
		{`{"role":"guest"}`, `{"role":"guest"},{"role":"guest"}`},
		{`{"section":"lone"`, `{"section":"lone","public":true,"write":[],"fields":[{"name":"a","type":"boolean"}]},{"section":"lone"`},
		{`{"name":"flag","type":"boolean"}`, `{"name":"flag","type":"boolean"},{"name":"flag","type":"boolean"}`},
		{`{"name":"town","type":"text","max":"1000"}`, `{"name":"town","type":"text","max":"1000"},{"name":"town","type":"text","max":"1000"}`},
		{`{"name":"item"`, `{"name":"parts","type":"boolean"},{"name":"item"`},
		{`{"id":"folded"`, `{"id":"folded","rule":"open.count > 2"},{"id":"folded"`},
		{`{"signature":"seal"`, `{"signature":"seal","by":"maker","covers":["data"],"declare":{"en":"x"},"quorum":"one"},{"signature":"seal"`},
		{`{"state":"held"}`, `{"state":"held"},{"state":"held"}`},
		{`{"event":"drop"`, `{"event":"drop","from":["held"],"to":"void","by":["maker"]},{"event":"drop"`},
		{`"manages":["maker",`, `"manages":["maker","maker",`},
		{`"per":["helper"]`, `"per":["helper","helper"]`},
		{`"write":["maker"]`, `"write":["maker","maker"]`},
		{`"write":["self"]`, `"write":["self","self"]`},
		{`{"role":"helper"},{"role":"guest","in"`, `{"role":"helper"},{"role":"helper"},{"role":"guest","in"`},
		{`"read":[{"role":"maker"},{"role":"self"}]`, `"read":[{"role":"self"},{"role":"self","in":["held"]}]`},
		{`"in":["begun","held"]`, `"in":["begun","begun"]`},
		{`"write":["maker"],"attest":["maker"]§["acme_code"],"attest":["maker"]§"old":true,"attest":["maker"],"writer"`, `"write":["maker"],"attest":["maker","maker"]§["acme_code"],"attest":["maker","maker"]§"old":true,"attest":["maker","maker"],"writer"`},
		{`"at":["proceed"]§"sections":["open","data"],"attest":["maker"],"events":["proceed"]`, `"at":["proceed","proceed"]§"sections":["open","data"],"attest":["maker"],"events":["proceed","proceed"]`},
		{`"at":["proceed"],"attest":["maker"]§"sections":["open","data"],"attest":["maker"]`, `"at":["proceed"],"attest":["maker","maker"]§"sections":["open","data"],"attest":["maker","maker"]`},
		{`"covers":["data","own","mine"]`, `"covers":["data","own","own"]`},
		{`"blind":true,"attest":["maker"]`, `"blind":true,"attest":["maker","maker"]`},
		{`{"role":"guest","sections":["own","mine"]}`, `{"role":"helper","sections":["own","mine"]}`},
		{`"sections":["own","mine","lone"]`, `"sections":["own","mine","mine"]`},
		{`"by":["maker","helper"]`, `"by":["maker","maker"]`},
		{`"attest":["maker"],"valid"§"facts":["participants"],"attest":["maker"]`, `"attest":["maker","maker"],"valid"§"facts":["participants"],"attest":["maker","maker"]`},
		{`"valid":["open","data"]`, `"valid":["open","data","data"]`},
		{`"signed":["seal"]`, `"signed":["seal","seal"]`},
		{`"required":true,"read":["helper"]`, `"required":true,"read":["helper","helper"]`},
		{`"notes":["maker"]`, `"notes":["maker","maker"]`},
	}},
	{"names what there is not", template.CodeReference, false, []replaced{
		{`"manages":["maker",`, `"manages":["maker","nobody",`},
		{`"per":["helper"]`, `"per":["helper","nobody"]`},
		{`"read":[{"role":"maker"},{"role":"helper"}`, `"read":[{"role":"nobody"},{"role":"helper"}`},
		{`"in":["begun","held"]`, `"in":["begun","nowhere"]`},
		{`"write":["maker"]`, `"write":["nobody"]`},
		{`"write":["maker"],"attest":["maker"]§["acme_code"],"attest":["maker"]§"old":true,"attest":["maker"],"writer"`, `"write":["maker"],"attest":["nobody"]§["acme_code"],"attest":["nobody"]§"old":true,"attest":["nobody"],"writer"`},
		{`"at":["proceed"]§"sections":["open","data"],"attest":["maker"],"events":["proceed"]`, `"at":["never"]§"sections":["open","data"],"attest":["maker"],"events":["never"]`},
		{`"at":["proceed"],"attest":["maker"]§"sections":["open","data"],"attest":["maker"]`, `"at":["proceed"],"attest":["nobody"]§"sections":["open","data"],"attest":["nobody"]`},
		{`"signature":"seal","by":"maker"`, `"signature":"seal","by":"nobody"`},
		{`"covers":["data"]`, `"covers":["nothing"]`},
		{`"blind":true,"attest":["maker"]`, `"blind":true,"attest":["nobody"]`},
		{`"initial":"begun"`, `"initial":"nowhere"`},
		{`{"role":"guest","sections":["own","mine"]}`, `{"role":"nobody","sections":["own","mine"]}`},
		{`"sections":["own","mine","lone"]`, `"sections":["own","mine","nothing"]`},
		{`"from":["begun","held"]`, `"from":["begun","held","nowhere"]`},
		{`"to":"held","by":["maker"],"valid"`, `"to":"nowhere","by":["maker"],"valid"`},
		{`"by":["maker","helper"]`, `"by":["maker","nobody"]`},
		{`"attest":["maker"],"valid"§"facts":["participants"],"attest":["maker"]`, `"attest":["nobody"],"valid"§"facts":["participants"],"attest":["nobody"]`},
		{`"valid":["open","data"]`, `"valid":["open","data","nothing"]`},
		{`"signed":["seal"]`, `"signed":["unsigned"]`},
		{`"required":true,"read":["helper"]`, `"required":true,"read":["nobody"]`},
		{`"notes":["maker"]`, `"notes":["nobody"]`},
		{`"notes":["maker"]`, `"notes":["self"]`},
	}},
	{"leaves something out", template.CodeMissing, false, []replaced{
		{`"manages":["maker","helper","guest"]`, `"manages":["maker","helper"]`},
		{`"read":[{"role":"maker"},{"role":"helper"},{"role":"guest","in":["begun","held"]}],`, ``},
		{`{"role":"guest","sections":["own","mine"]}`, `{"role":"guest","sections":[]}`},
		{`"by":["maker","helper"]`, `"by":[]`},
		{`"covers":["data"]`, `"covers":[]`},
		{`"declare":{"en":"So be it"}`, `"declare":{}`},
		{`"rule":"open.count > 1"`, `"rule":" \n\t\u2003"`},
		{`"every"`, `""`},
		{`"title":{"en":"Maker"}`, `"title":{}`},
		{`"title":{"en":"Maker"}`, `"title":{"en":""}`},
		{`"title":{"en":"Maker"}`, `"title":{"en":" \u00a0\n"}`},
		{`"fields":[{"name":"town","type":"text","max":"1000"}]`, `"fields":[{"name":"town","type":""}]`},
	}},
	{"has a value that is none", template.CodeValue, false, []replaced{
		{`"version":1`, `"version":0`}, {`"version":1`, `"version":-1`}, {`"version":1`, `"version":3000000000`},
		{`"quorum":"one"`, `"quorum":"none"`}, {`"quorum":"2"`, `"quorum":"999"`}, {`"quorum":"2"`, `"quorum":"0"`}, {`"quorum":"2"`, `"quorum":"-1"`},
		{`"quorum":"2"`, `"quorum":"02"`}, {`"quorum":"2"`, `"quorum":"+2"`}, {`"quorum":"2"`, `"quorum":"2.0"`}, {`"quorum":"2"`, `"quorum":"All"`},
		{`"due":"3d12h30m5s"`, `"due":"0s"`}, {`"due":"3d12h30m5s"`, `"due":"1w"`}, {`"due":"3d12h30m5s"`, `"due":"12h3d"`}, {`"due":"3d12h30m5s"`, `"due":"-1d"`},
		{`"due":"3d12h30m5s"`, `"due":"3660d1s"`}, {`"due":"3d12h30m5s"`, `"due":"1.5d"`},
		{`"2026-12-26"`, `"2026-02-29"`}, {`"2026-12-26"`, `"2026-1-6"`}, {`"2026-12-26"`, `"26.12.2026"`}, {`"2026-12-26"`, `"2026-12-26T00:00:00Z"`},
		{`"public":true`, `"public":true,"read":[{"role":"maker"}]`},
		{`{"role":"helper"},{"role":"guest","in"`, `{"role":"self"},{"role":"guest","in"`},
		{`"write":["maker"],"attest"`, `"write":["self"],"attest"`},
		{`"required_if":"has(moment)"`, `"required":true,"required_if":"has(moment)"`},
		{`"required_if":"data.amount > decimal(\"5\")"`, `"required":true,"required_if":"data.amount > decimal(\"5\")"`},
		{`"required":true,"quorum":"2"`, `"required":true,"quorum":"2","attest":["maker"]`},
		{`"by":["maker","helper"]`, `"by":["maker","helper"],"attest":["maker"]`},
		{`"covers":["data","own","mine"]`, `"covers":["data","own","lone"]`},
		{`"write":["maker"],"fields":[{"name":"kind"`, `"write":["maker"],"attest":["maker"],"fields":[{"name":"kind"`},
		{`"field":"open.count"}`, `"field":"open.count","attest":["maker"]}`},
		{`"severity":"warning"},{"id":"alike"`, `"severity":"warning","attest":["maker"]},{"id":"alike"`},
	}},
	{"is over a limit", template.CodeLimit, false, []replaced{
		{`"title":{"en":"Maker"}`, `"title":{"en":"` + strings.Repeat("é", 1001) + `"}`},
		{`"help":{"en":"Where to write"}`, `"help":{"en":"` + strings.Repeat("x", 2001) + `"}`},
		{`"message":{"en":"it does not fit"}`, `"message":{"en":"` + strings.Repeat("x", 2001) + `"}`},
		{`"type":"boolean"`, `"type":"list","max":"9"` + strings.Repeat(`,"of":{"type":"list","max":"9"`, 5000) + `,"of":{"type":"boolean"}` + strings.Repeat("}", 5000)},
	}},
	{"holds what cannot be seen", template.CodeValue, false, invisible()},
	{"has a field that cannot be", template.CodeField, false, []replaced{
		{`"type":"boolean"`, `"type":"float"`}, {`"type":"boolean"`, `"type":"Boolean"`}, {`"type":"boolean"`, `"type":"choice"`}, {`"type":"boolean"`, `"type":"decimal"`},
		{`"type":"boolean"`, `"type":"list","max":"9"`}, {`"type":"boolean"`, `"type":"record"`}, {`"type":"boolean"`, `"type":"decimal","scale":40`}, {`"type":"boolean"`, `"type":"money","scale":-1`},
		{`"type":"boolean"`, `"type":"list","max":"9","of":{"type":"list","max":"9","of":{"type":"boolean"}}`},
		{`"type":"boolean"`, `"type":"list","max":"9","of":{"name":"item","type":"boolean"}`},
		{`"type":"boolean"`, `"type":"list","max":"9","of":{"name":"item","type":"record","fields":[{"name":"a","type":"boolean"}]}`},
		{`"type":"boolean"`, `"type":"list","max":"9","of":{"type":"boolean","required":true}`},
		{`"type":"boolean"`, `"type":"list","max":"9","of":{"type":"boolean","required_if":"true"}`},
		{`"type":"boolean"`, `"type":"list","max":"9","of":{"type":"boolean","when":"true"}`},
		{`"type":"boolean"`, `"type":"list","max":"9","of":{"type":"boolean","compute":"true"}`},
		{`"type":"boolean"`, `"type":"boolean","message":{"en":"x"}`}, {`"type":"boolean"`, `"type":"boolean","message_expression":"\"x\""`}, {`"type":"boolean"`, `"type":"boolean","severity":"warning"`},
		{`"message_expression":"string(this)","severity":"warning"`, `"message_expression":"string(this)","severity":"fatal"`},
		{`"severity":"error"`, `"severity":"info"`}, {`"severity":"error"`, `"severity":"Error"`},
		{`"format":"email"`, `"format":"e-mail"`}, {`"format":"email"`, `"format":"acme"`},
		{`"field":"data.lines[].parts"`, `"field":"data.lines.parts"`}, {`"field":"data.lines[].parts"`, `"field":"data.nothing"`}, {`"field":"data.lines[].parts"`, `"field":"nothing"`}, {`"field":"data.lines[].parts"`, `"field":"data.mail[]"`},
		{`"field":"data.lines[].parts"`, `"field":"data."`}, {`"field":"data.lines[].parts"`, `"field":"state.x"`}, {`"field":"data.lines[].parts"`, `"field":"participants.nobody"`}, {`"field":"data.lines[].parts"`, `"field":"old.data"`},
		{`"field":"data.lines[].parts"`, `"field":"data.lines[].parts[].x"`}, {`"field":"data.lines[].parts"`, `"field":"old.old.data.mail"`},
		{`{"name":"small","title":{"en":"Small"}}`, `{"name":"large"}`}, {`"name":"small"`, `"name":"sm\nall"`}, {`"name":"small"`, `"name":"` + strings.Repeat("é", 33) + `"`}, {`"name":"small"`, `"name":""`},
		{`"args":["text","integer"],`, ``}, {`"args":["text","integer"]`, `"args":["text","choice"]`}, {`"args":["text","integer"]`, `"args":["text",""]`}, {`"result":"boolean"`, `"result":""`}, {`"result":"boolean"`, `"result":"record"`},
		{`"formats":["acme_code"]`, `"formats":["acme_code","acme_code"]`},
		{`{"function"`, `{"function":"g","result":"text"},{"function":"g","args":["text"],"result":"text"},{"function"`},
		{`"2026-12-26"`, `"0000-12-26"`},
		{`"format":"email"`, `"format":"acme_code","currencies":["EUR"]`},
	}},
	{"rests in public on what is revised", template.CodeField, false, []replaced{
		{`{"name":"words","type":"text"`, `{"name":"words","type":"text","format":"iban"`}, {`{"name":"words","type":"text"`, `{"name":"words","type":"text","format":"country"`}, {`{"name":"words","type":"text"`, `{"name":"words","type":"text","format":"acme_code"`},
		{`{"name":"words","type":"text"`, `{"name":"list","type":"list","max":"9","of":{"type":"text","format":"bic","max":"9"}},{"name":"words","type":"text"`},
	}},
	{"has states that lead nowhere", template.CodeLifecycle, false, []replaced{
		{`"initial":"begun"`, `"initial":"done"`},
		{`{"state":"held"}`, `{"state":"held","final":true}`},
		{`{"state":"held"}`, `{"state":"held"},{"state":"island"}`},
		{`{"state":"held"}`, `{"state":"held"},{"state":"island","final":true}`},
		{`{"state":"done","final":true},{"state":"void","final":true}`, `{"state":"done"},{"state":"void"}`},
		{`{"state":"void","final":true}`, `{"state":"void"}`},
		{`"from":["begun"],"to":"held"`, `"from":["begun","begun"],"to":"held"`},
		{`"from":["begun"],"to":"held"`, `"from":[],"to":"held"`},
		{`"from":["begun","held"]`, `"from":["begun","held","done"]`},
		{`"from":["held"],"to":"done"`, `"from":["void"],"to":"done"`},
		{`"initial":"begun"`, `"initial":""`},
		{`"from":["held"],"to":"done"`, `"from":["held"],"to":""`},
	}},
	{"looks back, and is told by others", template.CodeValue, false, []replaced{
		{`"rule":"has(old.data.day) == has(data.day)","message":{"en":"it stays"}`, `"rule":"has(old.data.day) == has(data.day)","message":{"en":"it stays"},"attest":["maker"]`},
	}},
}

// invisible puts a character that cannot be seen into every kind of string.
func invisible() (changes []replaced) {
	for _, c := range []string{"\u202e", "\u202a", "\u2066", "\u2069", `\u2028`, `\u2029`, "\u2028", "\ufeff", "\u007f", "\u0085", `\u0000`, `\u001b`, `\r`} {
		changes = append(changes, replaced{`"en":"So be it"`, `"en":"So be` + c + ` it"`})
	}
	for _, member := range []string{`"help":{"en":"`, `"message":{"en":"`, `"title":{"en":"Sm`, `"title":{"en":"M`, `"rule":"`, `"guard":"`, `"required_if":"`, `"when":"`, `"compute":"`, `"check":"`,
		`"message_expression":"`, `"reason":"`, `"field":"`, `"name":"sm`, `"min":"`, `"max":"`} {
		changes = append(changes, replaced{member, member + "\u202e"})
	}
	// The items of a list that are records have texts of their own.
	for _, member := range []string{`"title":{"en":"x` + "\u202e" + `"}`, `"check":"true","message":{"en":"x\u2028"}`} {
		changes = append(changes, replaced{`"of":{"type":"record"`, `"of":{"type":"record",` + member})
	}
	return changes
}

// acceptedTemplates are changes after which it is another template.
var acceptedTemplates = []replaced{
	{`"every"`, `"null"`}, {`held`, `this`}, {`drop`, `import`}, {`folded`, `old`}, {`town`, `state`}, {`lone`, `self`}, {`guest`, `data`}, {`acme_code`, `size`},
	{`"every"`, `"` + strings.Repeat("e", 63) + `"`}, {`guest`, strings.Repeat("g", 63)}, {`{"function"`, `{"function":"k` + strings.Repeat("N", 62) + `","result":"text"},{"function"`},
	{`{"function"`, `{"function":"iban","result":"money"},{"function"`}, {`{"function"`, `{"function":"true","member":true,"args":["date"],"result":"text"},{"function"`}, {`{"function"`, `{"function":"state","args":["text"],"result":"text"},{"function"`},
	{`"en":"Maker"`, `"zho-Hant-TW":"Maker"`}, {`"en":"Maker"`, `"en":"M\n\t` + "\u00a0\u200b\U0001f600" + ` \"\\/<&>"`},
	{`"due":"3d12h30m5s"`, `"due":"1s"`}, {`"due":"3d12h30m5s"`, `"due":"3659d23h59m59s"`}, {`"quorum":"2"`, `"quorum":"all"`}, {`"quorum":"2"`, `"quorum":"1"`},
	{`"2026-12-26"`, `"2026-12-25"`}, {`"2026-12-26"`, `"0001-01-01"`}, {`"2026-12-26"`, `"9999-12-31"`}, {`"2026-12-26"`, `"2028-02-29"`},
	{`"field":"data.lines[].parts"`, `"field":"data"`}, {`"field":"data.lines[].parts"`, `"field":"data.lines[]"`}, {`"field":"data.lines[].parts"`, `"field":"data.lines[].parts[]"`}, {`"field":"data.lines[].parts"`, `"field":"old.data.place.town"`},
	{`"field":"data.lines[].parts"`, `"field":"state"`}, {`"field":"data.lines[].parts"`, `"field":"participants.guest"`}, {`"field":"data.lines[].parts"`, `"field":"signed"`}, {`"field":"data.lines[].parts"`, `"field":"old.signed.seal"`},
	{`"reason":"unfit"`, `"reason":" "`}, {`"severity":"error"`, `"severity":"warning"`}, {`"severity":"error",`, ``}, {`"reason":{}`, `"reason":{"read":["guest"]}`},
	{`"name":"small"`, `"name":" S-m/a ll"`}, {`"per":["guest","helper"]`, `"per":["helper","guest"]`},
	{`"format":"email"`, `"format":"iban"`}, {`"format":"email"`, `"format":"vat_eu"`}, {`{"name":"words","type":"text"`, `{"name":"words","type":"text","format":"vat_it"`},
}

// templates are trays of templates that are changed from one that says all that a
// template can say.
func (x *readerFiles) templates() {
	w := play(x, "every.yaml", "anna: create maker=anna")
	f := &forger{world: w}
	canonical := string(w.tpl.Canonical())
	file := func(tpl string) []byte {
		return f.created(x, tpl, f.create("anna")[0], f.admit("anna", "maker"))
	}
	refused := func(name, tpl string, code template.Code) {
		x.Helper()
		_, err := template.Parse([]byte(tpl))
		var problems template.Problems
		found := code == "" && errors.Is(err, template.ErrNotCanonical)
		if errors.As(err, &problems) {
			for _, p := range problems {
				found = found || p.Code == code
			}
		}
		if !found {
			x.Errorf("a template that %s: %v, want %q", name, err, code)
			return
		}
		x.refused("a template that "+name, file(tpl), Malformed)
	}
	accepted := func(name, tpl string) {
		x.Helper()
		if _, err := template.Parse([]byte(tpl)); err != nil {
			x.Errorf("a template with %s: %v", name, err)
			return
		}
		x.accepted("a template with "+name, file(tpl), nil)
	}
	before := len(x.cases)
	accepted("everything", canonical)
	for _, c := range acceptedTemplates {
		tpl := strings.ReplaceAll(canonical, c.from, c.to)
		if tpl == canonical {
			x.Errorf("no %s in %s", c.from, canonical)
		}
		accepted(clip(c.to), tpl)
	}
	for _, group := range refusedTemplates {
		for _, c := range group.changes {
			n := 1
			if group.all {
				n = -1
			}
			tpl, parts := canonical, strings.Split(c.to, "§")
			for i, from := range strings.Split(c.from, "§") {
				if !strings.Contains(tpl, from) {
					x.Errorf("no %s in %s", from, tpl)
				}
				tpl = strings.Replace(tpl, from, parts[i], n)
			}
			refused(group.why+": "+clip(c.to), tpl, group.code)
		}
	}
	spec := readSpec(x)
	listed := regexp.MustCompile("`([a-z_]+)`")
	row := func(member string) string { return regexp.MustCompile(`(?m)^\| ` + member + ` \|.*`).FindString(spec) }
	reserved, formats := listed.FindAllStringSubmatch(row("reserved"), -1), listed.FindAllStringSubmatch(row("`format`"), -1)
	for _, name := range reserved {
		refused("has a name that means something else: "+name[1], strings.ReplaceAll(canonical, "town", name[1]), template.CodeField)
	}
	known := 0
	for _, name := range formats {
		if slices.Contains([]string{"format", "text", "needs"}, name[1]) {
			continue
		}
		known++
		accepted("the format "+name[1], strings.Replace(canonical, `"format":"email"`, `"format":"`+name[1]+`"`, 1))
		refused("has a format of its own called "+name[1], strings.Replace(canonical, `"formats":["acme_code"]`, `"formats":["acme_code","`+name[1]+`"]`, 1), template.CodeField)
	}
	_, functions, _ := strings.Cut(spec, "of expressions, or of a macro:\n\n")
	functions, _, _ = strings.Cut(functions, "\n\n")
	for name := range strings.FieldsSeq(functions) {
		refused("has a function of its own called "+name, strings.Replace(canonical, `{"function"`, `{"function":"`+name+`","result":"text"},{"function"`, 1), template.CodeField)
	}
	if len(reserved) < 20 || known < 15 || len(strings.Fields(functions)) < 100 {
		x.Errorf("SPEC.md lists %d reserved names, %d formats and %d functions", len(reserved), known, len(strings.Fields(functions)))
	}
	for _, c := range limitsOfTemplates(x, w.tpl) {
		accepted("as much as there may be: "+c.name, c.most)
		refused("has too much: "+c.name, c.more, c.code)
	}
	for _, c := range fieldsOfTemplates(x, w.tpl) {
		if c.code == "" {
			accepted(c.name, c.tpl)
		} else {
			refused("has "+c.name, c.tpl, c.code)
		}
	}
	counts := map[bool]int{}
	for _, c := range x.cases[before:] {
		counts[c.Refused]++
	}
	x.Logf("%d templates to refuse, %d to accept", counts[true], counts[false])
	if counts[true] < 300 || counts[false] < 80 {
		x.Error("too few")
	}
}

// clip keeps the names of cases short.
func clip(s string) string {
	if r := []rune(s); len(r) > 90 {
		return string(r[:90]) + "…"
	}
	return s
}
