package muccore

import "quatrain/sdk"

// What is saved with a room lies in room.data, as it is written to the store; other plugins read and write there, too. A value of another
// kind than expected counts as absent: what matters has been checked when the room was read (see record.go).

// dataText is a text of room.data, "" if there is none. The room is locked.
func (r *Room) dataText(key string) string {
	s, _ := r.data[key].(string)
	return s
}

// dataFlag is a boolean of room.data.
func (r *Room) dataFlag(key string) bool {
	b, _ := r.data[key].(bool)
	return b
}

// dataNumber is a number of room.data.
func (r *Room) dataNumber(key string) (n float64, ok bool) {
	n, ok = r.data[key].(float64)
	return n, ok
}

// setData writes a value; nil, false, "" are not stored. It tells whether that is a change.
func (r *Room) setData(key string, value any) (changed bool) {
	switch value {
	case false, "":
		value = nil
	}
	if r.data[key] == value {
		return false
	}
	if value == nil {
		delete(r.data, key)
	} else {
		r.data[key] = value
	}
	return true
}

// stored is a table as stores give it: sdk.Data, also where a list or a map with string keys was written.
func stored(v any) (sdk.Data, bool) {
	switch v := v.(type) {
	case sdk.Data:
		return v, true
	case map[string]any:
		d := make(sdk.Data, len(v))
		for k, x := range v {
			d[k] = x
		}
		return d, true
	case []any:
		d := make(sdk.Data, len(v))
		for i, x := range v {
			d[float64(i+1)] = x
		}
		return d, true
	}
	return nil, false
}
