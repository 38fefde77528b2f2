package rules

import "strings"

// money is an amount of one currency. It is immutable. Amounts of two
// currencies are neither added nor ordered: what one is worth in the other is
// no fact of a document.
type money struct {
	amount   decimal
	currency string
}

// parseMoney reads "12.50 EUR": a decimal, one space, the code of a currency.
func parseMoney(s string) (money, bool) {
	if len(s) > maxMoneyText {
		return money{}, false
	}
	number, currency, _ := strings.Cut(s, " ")
	amount, ok := parseDecimal(number)
	return money{amount, currency}, ok && isCurrencyCode(currency)
}

// isCurrencyCode says whether s has the form of a code of ISO 4217. Which codes
// are in use is a table that is revised: what counts are the currencies of the
// field.
func isCurrencyCode(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// String formats the amount with exactly its scale of decimals.
func (m money) String() string { return m.amount.String() + " " + m.currency }

// canonical returns the text of the amount at the scale of a field.
func (m money) canonical(scale int) (string, error) {
	amount, err := m.amount.canonical(scale)
	if err != nil {
		return "", err
	}
	return amount + " " + m.currency, nil
}
