package rulestest

// Bounds of a test file. They keep a mistake, such as a file that a program
// wrote without end, from filling memory; nobody needs as much.
const (
	maxMistakes = 200         // names of nothing in a file, each with those that there are
	maxFile     = 1 << 20     // bytes of one test file
	maxCases    = 10_000      // of one test file, the rows of its tables included
	maxDepth    = 32          // of lists and mappings in each other; values nest four deep
	maxFiles    = 1000        // test files of one run
	maxSamples  = maxFile / 4 // bytes of the values in a first test file, about
)
