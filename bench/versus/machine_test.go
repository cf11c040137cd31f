package main

import "testing"

func TestMachineFacts(t *testing.T) {
	info := []byte("processor\t: 0\nmodel name\t: AMD EPYC: 9\n\nprocessor\t: 1\nmodel name\t: AMD EPYC: 9\n")
	if got := fieldOf(info, "model name", ":"); got != "AMD EPYC: 9" {
		t.Errorf("the model is %q", got)
	}
	if got := fieldOf(info, "model", ":"); got != "" {
		t.Errorf("part of a key was taken for it: %q", got)
	}
	if got := onlineCores(info); got != 2 {
		t.Errorf("%d cores, want 2", got)
	}
	if got := onlineCores(nil); got != 0 {
		t.Errorf("%d cores in nothing", got)
	}
}
