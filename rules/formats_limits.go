package rules

// maxFormatLength is the longest text, in bytes, that may have any format: no
// format has a longer value in practice (the longest are URIs, which browsers
// and proxies cut at about 2,000), and it bounds what one call of a format's
// function costs whatever the field's own maximum.
const maxFormatLength = 2048
