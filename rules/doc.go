// Package rules declares, compiles and evaluates conditions over sections, some of which the
// evaluator may be unable to read.
package rules
