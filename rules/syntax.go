package rules

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
)

// What the parser says of an expression that is none, in the words of templates.
var (
	missingToken  = regexp.MustCompile(`(?s)^Syntax error: missing '(.*)' at '(.*)'$`)
	wrongToken    = regexp.MustCompile(`(?s)^Syntax error: .*? (?:input|at:) '(.*?)'(?: expecting .*)?$`)
	quoteBegins   = regexp.MustCompile(`^[rRbB]*["']`)
	betweenDigits = regexp.MustCompile(`^[0-9],[0-9]$`)
	lastWord      = regexp.MustCompile(`(?:^|[^\pL\d_.])(\pL+)\s*$`)
	afterIn       = regexp.MustCompile(`\bin\s*$`)
	afterLogic    = regexp.MustCompile(`(?:&&|\|\|)\s*$`)
	reserved      = regexp.MustCompile(`^reserved identifier: (.*)$`)
)

var isComparison = map[string]bool{"==": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true}

// meant are the operators for which people write those of other languages.
var meant = map[string]string{"=": "==", "&": "&&", "|": "||", "and": "&&", "or": "||", "not": "!"}

// syntax reports the first mistake of the parser, since the others follow from
// it; false where it found none of that kind.
func (c *compiler) syntax(s *scope, src string, found *cel.Issues) bool {
	var first *cel.Error
	for _, e := range found.Errors() {
		if !strings.HasPrefix(e.Message, "Syntax error: ") && !reserved.MatchString(e.Message) {
			continue
		}
		if at := e.Location; first == nil || at.Line() < first.Location.Line() ||
			at.Line() == first.Location.Line() && at.Column() < first.Location.Column() {
			first = e
		}
	}
	if first == nil {
		return false
	}
	if m := reserved.FindStringSubmatch(first.Message); m != nil {
		message := "'" + oneLine(m[1]) + "' is a word that no name can be"
		if is := wordsElsewhere[m[1]]; is != "" {
			message = "'" + m[1] + "' is not expected here; " + is
		}
		c.atLocation(s, first.Location.Line(), first.Location.Column(), message)
		return true
	}
	offset := offsetOf(src, first.Location.Line(), first.Location.Column())
	missing, token := "", ""
	if m := missingToken.FindStringSubmatch(first.Message); m != nil {
		missing, token = m[1], m[2]
	} else if m := wrongToken.FindStringSubmatch(first.Message); m != nil {
		token = m[1]
	} else {
		c.atLocation(s, first.Location.Line(), first.Location.Column(), oneLine(first.Message))
		return true
	}
	half := strings.HasSuffix(first.Message, " expecting ':'") && !inMap(src[:offset])
	var message string
	switch text := outlineOf(src); {
	case token == "<EOF>" && percentBefore(src, text.end):
		offset, message = text.end-1, "'%' is not expected here; "+aPercentage
	case token == "<EOF>":
		offset, message = text.end, "the expression ends too early"
		if half {
			message += "; " + twoOutcomes
		}
		if n := len(text.open); n > 0 {
			from := text.open[n-1]
			closing := map[byte]string{'(': ")", '[': "]", '{': "}"}[src[from]]
			message = strconv.Quote(closing) + " is missing here, for the " + strconv.Quote(src[from:from+1]) + " in " + around(src[:text.end], from)
		}
	default:
		if offset, message = explainToken(src, offset, token, missing); half && !strings.Contains(message, ";") {
			message += "; " + twoOutcomes
			if token == "?" {
				message += ", where another as an outcome stands in parentheses"
			}
		}
	}
	line, column := placeOf(src, offset)
	c.atLocation(s, line, column, message)
	return true
}

// percentBefore reports whether what stands before an offset ends in a number and %.
func percentBefore(src string, offset int) bool {
	number, ok := strings.CutSuffix(strings.TrimSpace(src[:offset]), "%")
	number = strings.TrimSpace(number)
	return ok && number != "" && unicode.IsDigit(rune(number[len(number)-1]))
}

// inMap reports whether what comes next stands in a map, between its braces.
func inMap(before string) bool {
	open := outlineOf(before).open
	return len(open) > 0 && before[open[len(open)-1]] == '{'
}

// explainToken says what is wrong with a token, and where.
func explainToken(src string, offset int, token, missing string) (int, string) {
	if quoteBegins.MatchString(token) && offset < len(src) && strings.HasPrefix(token, src[offset:offset+1]) {
		if n := len(token); n > 2 && token[n-2] == '\\' {
			return offset, "a text has no " + token[n-2:] + "; write \\" + token[n-2:] + ", or r before the quote, for a backslash"
		}
		return offset, "the text that begins here has no closing quote"
	}
	token = oneLine(token)
	for _, slip := range signsElsewhere {
		for from := max(0, offset+1-len(slip.sign)); from <= offset && from < len(src); from++ {
			if strings.HasPrefix(src[from:], slip.sign) {
				return from, "'" + slip.sign + "' is not expected here; " + slip.advice
			}
		}
	}
	if token == "," && betweenDigits.MatchString(src[max(0, offset-1):min(len(src), offset+2)]) {
		return offset, `',' is not expected here; a number has a point, and one with decimals is written decimal("1000.50")`
	}
	if percentBefore(src, offset) {
		return strings.LastIndexByte(src[:offset], '%'), "'%' is not expected here; " + aPercentage
	}
	if open := outlineOf(src[:offset]).open; token == "," && len(open) > 0 && afterIn.MatchString(src[:open[len(open)-1]]) {
		return open[len(open)-1], `'(' is not expected here; a list stands in brackets, as in ["a", "b"]`
	}
	if isComparison[token] && afterLogic.MatchString(src[:offset]) {
		return offset, "'" + token + "' is not expected here; each comparison has both its sides: a == b || a == c"
	}
	if isCurrencyCode(token) {
		return offset, "'" + token + "' is not expected here; " + moneyAsText
	}
	for _, word := range []string{token, token[:min(1, len(token))]} {
		if is := meant[strings.ToLower(word)]; is != "" && !(len(word) == 1 && unicode.IsLetter(rune(word[0]))) {
			return offset, "'" + word + "' is not expected here; did you mean " + strconv.Quote(is) + "?"
		}
	}
	if is := wordsElsewhere[strings.ToLower(token)]; is != "" {
		return offset, "'" + token + "' is not expected here; " + is
	}
	if m := lastWord.FindStringSubmatchIndex(src[:offset]); m != nil {
		word := src[m[2]:m[3]]
		if strings.EqualFold(word, "not") {
			return m[2], "'" + word + "' is not expected here; did you mean " + strconv.Quote(meant["not"]) + "?"
		}
		if is := wordsElsewhere[strings.ToLower(word)]; is != "" {
			return m[2], "'" + word + "' is not expected here; " + is
		}
		if isCurrencyCode(word) {
			return m[2], "'" + word + "' is not expected here; " + moneyAsText
		}
	}
	if missing != "" {
		return offset, strconv.Quote(missing) + " is missing before '" + token + "'"
	}
	return offset, "'" + token + "' is not expected here"
}

// oneLine makes part of an expression fit to stand in a message.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return '?'
		}
		return r
	}, strings.TrimSpace(s))
}

// around shows a bracket with the name before it and what follows.
func around(src string, at int) string {
	from := at
	for from > 0 && (src[from-1] == '_' || src[from-1] == '.' || src[from-1] < utf8.RuneSelf && (unicode.IsLetter(rune(src[from-1])) || unicode.IsDigit(rune(src[from-1])))) {
		from--
	}
	text, _, _ := strings.Cut(src[from:], "\n")
	if r := []rune(text); len(r) > 40 {
		text = string(r[:40]) + "…"
	}
	return strconv.Quote(strings.TrimSpace(text))
}

// An outline is what the parser does not tell of a text that it refuses.
type outline struct {
	end  int   // of what is neither space nor comment
	open []int // where brackets are that nothing closes
}

func outlineOf(src string) (o outline) {
	for i := 0; i < len(src); i++ {
		switch ch := src[i]; ch {
		case ' ', '\t', '\r', '\n', '\f':
			continue
		case '/':
			if strings.HasPrefix(src[i:], "//") {
				for i < len(src) && src[i] != '\n' {
					i++
				}
				continue
			}
		case '"', '\'':
			i = textEnd(src, i)
		case '(', '[', '{':
			o.open = append(o.open, i)
		case ')', ']', '}':
			if n := len(o.open); n > 0 {
				o.open = o.open[:n-1]
			}
		}
		o.end = min(i+1, len(src))
	}
	return o
}

// textEnd gives the offset of the last quote of the text that begins at i.
func textEnd(src string, i int) int {
	quote := src[i : i+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(src[i:], triple) {
		quote = triple
	}
	raw := i > 0 && strings.ContainsAny(src[i-1:i], "rR")
	for j := i + len(quote); j < len(src); j++ {
		switch {
		case src[j] == '\\' && !raw:
			j++
		case strings.HasPrefix(src[j:], quote):
			return j + len(quote) - 1
		}
	}
	return len(src)
}

// offsetOf gives the offset of a line (from 1) and a column (from 0, in
// characters).
func offsetOf(src string, line, column int) int {
	offset := 0
	for ; line > 1; line-- {
		next := strings.IndexByte(src[offset:], '\n')
		if next < 0 {
			return len(src)
		}
		offset += next + 1
	}
	for ; column > 0 && offset < len(src); column-- {
		_, size := utf8.DecodeRuneInString(src[offset:])
		offset += size
	}
	return offset
}

// placeOf gives the line (from 1) and the column (from 0, in characters) of an
// offset.
func placeOf(src string, offset int) (line, column int) {
	before := src[:offset]
	return 1 + strings.Count(before, "\n"), utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}
