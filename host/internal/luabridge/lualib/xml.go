package lualib

import (
	"bytes"
	"errors"

	lua "github.com/yuin/gopher-lua"

	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// xmlLimits are those of a document that a module fetched or keeps.
var xmlLimits = xmlstream.Limits{MaxStanza: 64 << 20, MaxElements: 4 << 20, MaxAttrs: 1024, MaxDepth: 512}

// openXML makes util.xml: parse(document, options) gives a stanza; or nil and why not. Document types are refused; so are comments and
// processing instructions, unless the options allow_comments and allow_processing_instructions have them passed over.
func (l *library) openXML(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{"parse": func(L *lua.LState) int {
		document := bytes.TrimSpace([]byte(L.OptString(1, "")))
		document = withoutDeclaration(document)
		if options, ok := L.Get(2).(*lua.LTable); ok {
			if lua.LVAsBool(options.RawGetString("allow_comments")) {
				document = without(document, "<!--", "-->")
			}
			if lua.LVAsBool(options.RawGetString("allow_processing_instructions")) {
				document = without(document, "<?", "?>")
			}
		}
		e, err := xmlstream.Parse(document, "", xmlLimits)
		if err != nil {
			return pushFailure(L, xmlError(err))
		}
		dropEmptyNamespace(e)
		L.Push(l.stanzas.Value(e))
		return 1
	}})
}

// dropEmptyNamespace: an element in no namespace has no xmlns attribute, as modules know it, even within one that has.
func dropEmptyNamespace(e *stanza.Element) {
	if ns, ok := e.LookupAttr("xmlns"); ok && ns == "" {
		e.DelAttr("xmlns")
	}
	for _, c := range e.Tags {
		dropEmptyNamespace(c)
	}
}

func xmlError(err error) string {
	var e *stanza.StreamError
	if errors.As(err, &e) && e.Text != "" {
		return e.Text
	}
	return err.Error()
}

// withoutDeclaration cuts off <?xml …?>.
func withoutDeclaration(document []byte) []byte {
	if !bytes.HasPrefix(document, []byte("<?xml ")) {
		return document
	}
	end := bytes.Index(document, []byte("?>"))
	if end < 0 {
		return document
	}
	return document[end+2:]
}

// without leaves out everything from open to end, except in CDATA sections. What has no end stays, for the parser to refuse.
func without(document []byte, open, end string) []byte {
	var out []byte
	for {
		i := bytes.Index(document, []byte(open))
		if i < 0 {
			return append(out, document...)
		}
		if cdata := bytes.Index(document[:i], []byte("<![CDATA[")); cdata >= 0 {
			if i = bytes.Index(document[cdata:], []byte("]]>")); i < 0 {
				return append(out, document...)
			}
			out, document = append(out, document[:cdata+i+3]...), document[cdata+i+3:]
			continue
		}
		n := bytes.Index(document[i+len(open):], []byte(end))
		if n < 0 {
			return append(out, document...)
		}
		out, document = append(out, document[:i]...), document[i+len(open)+n+len(end):]
	}
}
