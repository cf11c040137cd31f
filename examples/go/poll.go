package main

import (
	"fmt"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

const (
	maxChoices = 20
	maxLength  = 500 // of a question or a choice, in bytes
)

// poll is a question that a room is asked. A room has one at a time.
type poll struct {
	question string
	asker    string // bare JID
	choices  []string
	votes    map[string]int // bare JID to index of choices
}

// parsePoll reads "QUESTION | CHOICE | CHOICE…".
func parsePoll(text, asker string) (*poll, *stanza.Error) {
	var parts []string
	for part := range strings.SplitSeq(text, "|") {
		part = strings.TrimSpace(part)
		if part == "" || len(part) > maxLength {
			return nil, stanza.NewError(stanza.BadRequest, "Want a question and its choices, such as: !poll Where do we meet? | At the balcony | In the vault")
		}
		parts = append(parts, part)
	}
	if n := len(parts) - 1; n < 2 || n > maxChoices {
		return nil, stanza.NewError(stanza.BadRequest, fmt.Sprintf(`Want from 2 to %d choices, with a "|" before each`, maxChoices))
	}
	return &poll{question: parts[0], asker: asker, choices: parts[1:], votes: map[string]int{}}, nil
}

// String is the question with its choices, and how to vote.
func (p *poll) String() string {
	text := p.question
	for i, choice := range p.choices {
		text += fmt.Sprintf("\n%d: %s", i+1, choice)
	}
	return text + "\nVote with !vote and a number. Nobody sees what others vote for."
}

// result is the question with how often each choice was voted for.
func (p *poll) result() string {
	counts := make([]int, len(p.choices))
	for _, choice := range p.votes {
		counts[choice]++
	}
	text := p.question
	for i, choice := range p.choices {
		text += fmt.Sprintf("\n%d × %s", counts[i], choice)
	}
	return text
}

// record is the poll as stores keep it.
func (p *poll) record() sdk.Data {
	choices := make([]any, len(p.choices))
	for i, choice := range p.choices {
		choices[i] = choice
	}
	votes := sdk.Data{}
	for voter, choice := range p.votes {
		votes[voter] = float64(choice)
	}
	return sdk.Data{"question": p.question, "asker": p.asker, "choices": choices, "votes": votes}
}

// readPoll is record the other way round; nil for no record. Votes for what is no choice do not count.
func readPoll(record any) *poll {
	data, ok := record.(sdk.Data)
	if !ok {
		return nil
	}
	p := &poll{votes: map[string]int{}}
	p.question, _ = data["question"].(string)
	p.asker, _ = data["asker"].(string)
	choices, _ := data["choices"].([]any)
	for _, choice := range choices {
		p.choices = append(p.choices, fmt.Sprint(choice))
	}
	votes, _ := data["votes"].(sdk.Data)
	for voter, choice := range votes {
		if n, ok := choice.(float64); ok && n >= 0 && int(n) < len(p.choices) {
			p.votes[fmt.Sprint(voter)] = int(n)
		}
	}
	return p
}
