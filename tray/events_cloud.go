package tray

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/vassoio/vassoio/sign"
)

// CloudEventPrefix stands before an [EventType] in the type of a CloudEvent.
const CloudEventPrefix = "io.github.vassoio.tray."

func eventID(tray sign.Hash, seq uint64) string {
	return tray.String() + "/" + strconv.FormatUint(seq, 10)
}

// cloudEvent is CloudEvents 1.0 in the JSON event format, in structured mode.
type cloudEvent struct {
	SpecVersion     string    `json:"specversion"`
	ID              string    `json:"id"`
	Source          string    `json:"source"`
	Type            string    `json:"type"`
	Subject         string    `json:"subject"`
	Time            string    `json:"time,omitempty"`
	DataContentType string    `json:"datacontenttype"`
	Data            eventData `json:"data"`
}

// eventData is the data of a CloudEvent: ids and names, never a value.
type eventData struct {
	Tray       string         `json:"tray"`
	Seq        uint64         `json:"seq"`
	Template   string         `json:"template,omitempty"`
	Version    int            `json:"version,omitempty"`
	Author     string         `json:"author,omitempty"`
	Roles      []string       `json:"roles,omitempty"`
	Event      string         `json:"event,omitempty"`
	From       string         `json:"from,omitempty"`
	To         string         `json:"to,omitempty"`
	Sections   []eventSection `json:"sections,omitempty"`
	Signatures []string       `json:"signatures,omitempty"`
	Turn       []string       `json:"turn,omitempty"`
	Broken     *eventBroken   `json:"broken,omitempty"`
	Undecided  *eventLeft     `json:"undecided,omitempty"`
}

type eventSection struct {
	Section  string `json:"section"`
	Instance string `json:"instance,omitempty"`
	Revision uint64 `json:"revision"`
}

type eventBroken struct {
	Seq  uint64 `json:"seq"`
	Code Code   `json:"code"`
}

type eventLeft struct {
	Seq       uint64 `json:"seq"`
	Condition string `json:"condition"`
}

// CloudEvent gives the event as JSON of CloudEvents 1.0, with [Event.ID] as its
// id and the tray as its subject. source says where it comes from: a URI that
// is the application's own, such as "https://app.example/trays". The time is
// that of the entry. It fails for a source that is no URI.
func (e Event) CloudEvent(source string) ([]byte, error) {
	if u, err := url.Parse(source); err != nil || source == "" || u.String() != source {
		return nil, fmt.Errorf("tray: the source of a CloudEvent is a URI")
	}
	data := eventData{
		Tray: e.Tray.String(), Seq: e.Seq, Template: e.Template, Version: e.Version, Author: e.Author, Roles: e.Roles,
		From: e.From, To: e.To, Turn: e.Turn,
	}
	out := cloudEvent{SpecVersion: "1.0", ID: e.ID(), Source: source, Type: CloudEventPrefix + string(e.Type),
		Subject: e.Tray.String(), DataContentType: "application/json"}
	switch {
	case e.Refusal != nil:
		data.Broken = &eventBroken{e.Refusal.Seq, e.Refusal.Code}
	case e.Undecided != nil:
		data.Undecided = &eventLeft{e.Undecided.Seq, e.Undecided.Condition}
	default:
		out.Time = e.Time.UTC().Format(time.RFC3339)
		data.Event, data.Signatures = e.Event(), e.Signed()
	}
	for _, r := range e.Written() {
		data.Sections = append(data.Sections, eventSection{r.Section, r.Instance, r.Number})
	}
	out.Data = data
	return json.Marshal(out)
}
