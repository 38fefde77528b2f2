// Package fsm is the lifecycle of a document: which states there are, which
// event leads from where to where, and what to draw. It knows nothing of
// documents, roles or guards; whoever fires an event asks for those first.
//
// There are two types. A [Definition] is what somebody wrote: an initial state,
// states, events. A [Lifecycle] is a definition that was found sound; only [New]
// makes one, and it never changes, so any number of goroutines may share it.
//
//	order, err := fsm.New(fsm.Definition{
//		Initial: "filling",
//		States: []fsm.State{
//			{Name: "filling"},
//			{Name: "signing"},
//			{Name: "confirmed", Final: true},
//		},
//		Events: []fsm.Event{
//			{Name: "submit", From: []string{"filling"}, To: "signing"},
//			{Name: "return", From: []string{"signing"}, To: "filling"},
//			{Name: "confirm", From: []string{"signing"}, To: "confirmed"},
//		},
//	})
//
// A lifecycle holds no current state. The caller keeps it, and asks what an
// event makes of it:
//
//	state := order.Initial()                   // "filling"
//	order.Events(state)                        // ["submit"]
//	state, err = order.Next(state, "submit")   // "signing"
//	_, err = order.Next(state, "submit")       // *NotAllowedError: only from "filling"
//	_, err = order.Next(state, "confrim")      // *UnknownEventError: did you mean "confirm"?
//
// An event may lead back to the state that it came from; such a self-loop is an
// event like any other.
//
// # Soundness
//
// New refuses a definition in which a document could get stuck, and says
// everything that is wrong with it at once, as [Problems]: each with the path of
// what is wrong, a code for programs, a message that says what to do, and for a
// misspelt name the one that was probably meant.
//
//	var problems fsm.Problems
//	if errors.As(err, &problems) {
//		for _, p := range problems {
//			fmt.Println(p.Path, p.Code, p.Suggestion) // events.submit.to unknown_state signing
//		}
//	}
//
// In a sound definition
//
//   - names are ids, [a-z][a-z0-9_]*, no two states and no two events share one,
//     and every state that is named exists;
//   - there is a final state, it is not the initial one, and no event leaves it;
//   - every state can be reached from the initial one, and from every state a
//     final one can be reached;
//   - an event has one target, and names each of its sources once;
//   - nothing exceeds [MaxStates], [MaxEvents] or [MaxName].
//
// # Diagrams
//
// [Lifecycle.Mermaid] draws the lifecycle as Mermaid source, with titles in place
// of names and the current state marked, if wanted. Titles may hold any text.
//
// # The engine
//
// The step itself is taken by github.com/looplab/fsm. Used alone it lets a second
// target for one event and source silently win, takes any string as a state and
// reports a legal self-loop as an error; so here it stands behind a table that
// was checked, and a step counts only if both agree (else [ErrEngine]).
package fsm
