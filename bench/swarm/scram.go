package swarm

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/xdg-go/scram"
)

// SCRAM logs in with SCRAM-SHA-1 and binds a resource. account may log in many times, and then does not derive its keys from the password again.
func (l *Login) SCRAM(host string, account *scram.Client, resource string) error {
	conversation := account.NewConversation()
	first, err := conversation.Step("")
	if err != nil {
		return err
	}
	if err := l.Say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>" + encode(first) + "</auth>"); err != nil {
		return err
	}
	challenge, err := l.payload("challenge")
	if err != nil {
		return err
	}
	final, err := conversation.Step(challenge)
	if err != nil {
		return fmt.Errorf("answering a challenge: %w", err)
	}
	if err := l.Say("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" + encode(final) + "</response>"); err != nil {
		return err
	}
	proof, err := l.payload("success")
	if err != nil {
		return err
	}
	if _, err := conversation.Step(proof); err != nil {
		return fmt.Errorf("checking the server: %w", err)
	}
	l.rest = nil
	if err := l.open(host); err != nil {
		return err
	}
	return l.bind(resource)
}

func encode(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// payload is the decoded text of the element that is awaited.
func (l *Login) payload(name string) (string, error) {
	answer, err := l.Until("</"+name+">", "<failure")
	if err != nil {
		return "", err
	}
	text := strings.TrimSuffix(answer, "</"+name+">")
	decoded, err := base64.StdEncoding.DecodeString(text[strings.LastIndexByte(text, '>')+1:])
	if err != nil {
		return "", fmt.Errorf("logging in: %s", answer)
	}
	return string(decoded), nil
}
