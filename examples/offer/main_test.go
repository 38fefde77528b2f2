package main

import (
	"os"
	"strings"
	"testing"
)

// README.md shows the program, and no other.
func TestReadme(t *testing.T) {
	read := func(path string) string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	_, imports, _ := strings.Cut(read("../../README.md"), "```go\nimport (\n")
	imports, shown, _ := strings.Cut(imports, ")\n```\n\n```go\n")
	if imports == "" || !strings.Contains(read("main.go"), imports) {
		t.Errorf("README.md imports\n%s", imports)
	}
	shown, _, _ = strings.Cut(shown, "```")
	_, run, _ := strings.Cut(read("main.go"), "shows what follows.\n")
	run, _, _ = strings.Cut(run, "\n\t// To here.\n")
	run = strings.TrimPrefix(strings.ReplaceAll(run, "\n\t", "\n"), "\t")
	if shown == "" || shown != run {
		t.Errorf("README.md shows\n%s\nand what runs is\n%s", shown, run)
	}
}

func Example_main() {
	main()
	// Output:
	// Vassoio in legno d'ulivo 49.90
	// ordered
}
