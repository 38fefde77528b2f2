package fsm_test

import (
	"errors"
	"fmt"

	"github.com/vassoio/vassoio/fsm"
)

func order() *fsm.Lifecycle {
	l, err := fsm.New(fsm.Definition{
		Initial: "filling",
		States: []fsm.State{
			{Name: "filling"},
			{Name: "signing"},
			{Name: "confirmed", Final: true},
			{Name: "void", Final: true},
		},
		Events: []fsm.Event{
			{Name: "submit", From: []string{"filling"}, To: "signing"},
			{Name: "return", From: []string{"signing"}, To: "filling"},
			{Name: "confirm", From: []string{"signing"}, To: "confirmed"},
			{Name: "cancel", From: []string{"filling", "signing"}, To: "void"},
		},
	})
	if err != nil {
		fmt.Println(err)
	}
	return l
}

func Example() {
	l := order()
	state := l.Initial()
	for _, event := range []string{"submit", "return", "submit", "confirm"} {
		next, err := l.Next(state, event)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(state, "--", event, "->", next)
		state = next
	}
	fmt.Println("final:", l.Final(state))
	// Output:
	// filling -- submit -> signing
	// signing -- return -> filling
	// filling -- submit -> signing
	// signing -- confirm -> confirmed
	// final: true
}

// Everything that is wrong is told at once.
func ExampleNew() {
	_, err := fsm.New(fsm.Definition{
		Initial: "filling",
		States:  []fsm.State{{Name: "filling"}, {Name: "signing"}, {Name: "parked"}, {Name: "confirmed", Final: true}},
		Events: []fsm.Event{
			{Name: "submit", From: []string{"filling"}, To: "signign"},
			{Name: "confirm", From: []string{"signing", "signing"}, To: "confirmed"},
			{Name: "park", From: []string{"signing"}, To: "parked"},
		},
	})
	fmt.Println(err)
	// Output:
	// fsm: 3 problems
	// 	events.submit.to: there is no state "signign"; did you mean "signing"?
	// 	events.confirm.from[1]: the source "signing" stands there already; remove one of the two
	// 	states.parked: no final state can be reached from "parked"; add an event that leads on, or make the state final
}

// A loader shows each problem where its author wrote it.
func ExampleProblems() {
	lines := map[string]int{"initial": 1, "states": 2, "states.draft": 3, "states.done": 4, "events.finish": 6}
	_, err := fsm.New(fsm.Definition{
		Initial: "darft",
		States:  []fsm.State{{Name: "draft"}, {Name: "done", Final: true}},
		Events:  []fsm.Event{{Name: "finish", From: []string{"draft"}, To: "done"}},
	})
	var problems fsm.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			fmt.Printf("line %d: %s (%s), suggestion %q\n", lines[p.Path], p.Message, p.Code, p.Suggestion)
		}
	}
	// Output:
	// line 1: there is no state "darft" (unknown_state), suggestion "draft"
}

func ExampleLifecycle_Events() {
	l := order()
	for _, state := range l.States() {
		fmt.Println(state, l.Events(state))
	}
	// Output:
	// filling [submit cancel]
	// signing [return confirm cancel]
	// confirmed []
	// void []
}

func ExampleLifecycle_Next() {
	l := order()

	_, err := l.Next("filling", "confirm")
	var not *fsm.NotAllowedError
	if errors.As(err, &not) {
		fmt.Println(not.Event, "can happen in", not.From)
	}

	_, err = l.Next("signing", "confrim")
	var unknown *fsm.UnknownEventError
	if errors.As(err, &unknown) {
		fmt.Println(unknown.Event, "may mean", unknown.Suggestion)
	}
	// Output:
	// confirm can happen in [signing]
	// confrim may mean confirm
}

func ExampleLifecycle_Mermaid() {
	title := map[string]string{"filling": "In compilazione", "signing": "Da firmare", "void": "Annullato: vedi nota"}
	fmt.Print(order().Mermaid(fsm.Diagram{
		Current:    "signing",
		StateLabel: func(state string) string { return title[state] },
	}))
	// Output:
	// stateDiagram-v2
	//     state "In compilazione" as s_filling
	//     state "Da firmare" as s_signing
	//     state "confirmed" as s_confirmed
	//     state "Annullato#58; vedi nota" as s_void
	//     [*] --> s_filling
	//     s_filling --> s_signing : submit
	//     s_signing --> s_filling : return
	//     s_signing --> s_confirmed : confirm
	//     s_filling --> s_void : cancel
	//     s_signing --> s_void : cancel
	//     s_confirmed --> [*]
	//     s_void --> [*]
	//     classDef current stroke-width:4px,font-weight:bold
	//     class s_signing current
}
