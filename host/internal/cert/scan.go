package cert

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// pair is a certificate with its key.
type pair struct {
	cert *tls.Certificate
	name string // the host that file or directory are called after, ASCII, "*." for "_."
	path string
}

// fingerprint tells whether files have changed.
type fingerprint string

// place is where a pair may be.
type place struct{ name, cert, key string }

// places lists the pairs of files below dir.
func places(dir string) []place {
	var found []place
	for _, e := range readDir(dir) {
		path := filepath.Join(dir, e)
		if base, ok := strings.CutSuffix(e, ".crt"); ok {
			found = append(found, place{hostOf(base), path, filepath.Join(dir, base+".key")})
		} else {
			found = append(found, place{hostOf(e), filepath.Join(path, "fullchain.pem"), filepath.Join(path, "privkey.pem")})
		}
	}
	return found
}

func readDir(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

func hostOf(base string) string {
	if parent, ok := strings.CutPrefix(base, "_."); ok {
		return "*." + ascii(parent)
	}
	return ascii(base)
}

// existing are the places that have both files, with a fingerprint of them. The key decides as well: it may come after the certificate.
func existing(dir string) ([]place, fingerprint) {
	if dir == "" {
		return nil, ""
	}
	var found []place
	var print strings.Builder
	for _, p := range append(places(dir), places(filepath.Join(dir, "live"))...) {
		c, certErr := os.Stat(p.cert)
		k, keyErr := os.Stat(p.key)
		if certErr != nil || keyErr != nil {
			continue
		}
		found = append(found, p)
		fmt.Fprintf(&print, "%s %d %d %d %d\n", p.cert, c.ModTime().UnixNano(), c.Size(), k.ModTime().UnixNano(), k.Size())
	}
	return found, fingerprint(print.String())
}

// rescan reads the files if they have changed.
func (s *Store) rescan() {
	s.checked = s.cfg.Now()
	if found, print := existing(s.cfg.Dir); print != s.print {
		s.load(found, print)
		s.cfg.Log.Info("certificates have been read again", "directory", s.cfg.Dir)
	}
}

func (s *Store) scan() {
	s.checked = s.cfg.Now()
	s.load(existing(s.cfg.Dir))
}

// load reads all pairs. One that cannot be read, as while it is being replaced, stays as it was.
func (s *Store) load(found []place, print fingerprint) {
	pairs := map[string]*pair{}
	for _, p := range found {
		c, err := tls.LoadX509KeyPair(p.cert, p.key)
		if err != nil {
			s.cfg.Log.Error("certificate cannot be used", "file", p.cert, "err", err)
			if old := s.pairs[p.cert]; old != nil {
				pairs[p.cert] = old
			}
			continue
		}
		pairs[p.cert] = &pair{&c, p.name, p.cert}
	}
	s.print, s.pairs, s.index = print, pairs, indexed(pairs)
}

// indexed finds pairs by name: what they are called after beats what they contain, a later end of validity an earlier one.
func indexed(pairs map[string]*pair) map[string]*pair {
	sorted := make([]*pair, 0, len(pairs))
	for _, p := range pairs {
		sorted = append(sorted, p)
	}
	slices.SortFunc(sorted, func(a, b *pair) int {
		return cmp.Or(b.cert.Leaf.NotAfter.Compare(a.cert.Leaf.NotAfter), cmp.Compare(a.path, b.path))
	})
	index := map[string]*pair{}
	add := func(name string, p *pair) {
		if index[name] == nil {
			index[name] = p
		}
	}
	for _, p := range sorted {
		add(p.name, p)
	}
	for _, p := range sorted {
		for _, name := range p.cert.Leaf.DNSNames {
			add(ascii(name), p)
		}
		for _, ip := range p.cert.Leaf.IPAddresses {
			add(ip.String(), p)
		}
	}
	return index
}
