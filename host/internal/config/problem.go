package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// problem is one mistake of the operator.
type problem struct {
	line int
	text string
}

// problems collects them.
type problems struct {
	file string
	list []problem
}

func (p *problems) add(line int, format string, args ...any) {
	p.list = append(p.list, problem{line, fmt.Sprintf(format, args...)})
}

// at is the text of a problem with its place.
func (p *problems) at(x problem) string {
	if x.line == 0 {
		return p.file + ": " + x.text
	}
	return fmt.Sprintf("%s:%d: %s", p.file, x.line, x.text)
}

// err joins the problems in the order of lines.
func (p *problems) err() error {
	slices.SortStableFunc(p.list, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	var errs []error
	for _, x := range p.list {
		errs = append(errs, errors.New(p.at(x)))
	}
	return errors.Join(errs...)
}
