package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// readPassword asks for a password, twice if somebody is there to type it; else it is the first line of the input.
func (p *program) readPassword(account string) (string, error) {
	in := bufio.NewReader(p.stdin)
	terminal, ok := p.stdin.(*os.File)
	if !ok || !isTerminal(terminal) {
		return readLine(in)
	}
	show, err := hideInput(terminal)
	if err != nil {
		return "", fmt.Errorf("asking for a password: %w", err)
	}
	defer show()
	first, err := p.ask(in, "Password of "+account+": ")
	if err != nil {
		return "", err
	}
	second, err := p.ask(in, "Again: ")
	if err == nil && first != second {
		err = errors.New("the passwords differ")
	}
	return first, err
}

func (p *program) ask(in *bufio.Reader, question string) (string, error) {
	fmt.Fprint(p.stderr, question)
	defer fmt.Fprintln(p.stderr)
	return readLine(in)
}

func readLine(in *bufio.Reader) (string, error) {
	line, err := in.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("reading a password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errors.New("no password given")
	}
	return line, nil
}
