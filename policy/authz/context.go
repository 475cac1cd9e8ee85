package authz

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Context maps condition keys to their values: one, or several for a multivalued key. Keys are case-insensitive.
//
// In JSON a value is a string, a number, a boolean or a list of these; one value is written without a list. Numbers
// and booleans keep their source text.
type Context map[string][]string

// Lookup returns the values of a key; false when the request does not carry it.
// Of keys that differ only in case, which no request has, it takes the one spelled alike, or else the first in order.
func (c Context) Lookup(key string) ([]string, bool) {
	if v, ok := c[key]; ok {
		return v, true
	}
	found, ok := "", false
	for k := range c {
		if strings.EqualFold(k, key) && (!ok || k < found) {
			found, ok = k, true
		}
	}
	return c[found], ok
}

// MarshalJSON writes the keys in alphabetical order; a nil Context is an empty object.
func (c Context) MarshalJSON() ([]byte, error) {
	out := make(map[string]any, len(c))
	for k, values := range c {
		switch {
		case len(values) == 1:
			out[k] = values[0]
		case values == nil:
			out[k] = []string{}
		default:
			out[k] = values
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(out)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// UnmarshalJSON refuses a key that stands there twice, also in another case, and every value that is neither a
// string, a number, a boolean nor a list of these. The error names the key.
func (c *Context) UnmarshalJSON(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if t, err := dec.Token(); err != nil {
		return err
	} else if t != json.Delim('{') {
		return fmt.Errorf("the context is not an object: %s", b)
	}
	out := Context{}
	seen := map[string]string{}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		key := t.(string) // the decoder lets nothing else stand before a colon
		folded := strings.ToLower(key)
		if first, ok := seen[folded]; ok {
			return fmt.Errorf("context key %q is given twice, first as %q", key, first)
		}
		seen[folded] = key
		if out[key], err = contextValues(dec); err != nil {
			return fmt.Errorf("context key %q: %w", key, err)
		}
	}
	if _, err := dec.Token(); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("text after the end of the context")
	}
	*c = out
	return nil
}

// contextValues reads one value, or a list of values.
func contextValues(dec *json.Decoder) ([]string, error) {
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	if t != json.Delim('[') {
		v, err := contextValue(t)
		return []string{v}, err
	}
	values := []string{}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, err
		}
		v, err := contextValue(t)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	_, err = dec.Token()
	return values, err
}

func contextValue(t json.Token) (string, error) {
	switch t := t.(type) {
	case string:
		return t, nil
	case json.Number:
		return t.String(), nil
	case bool:
		return fmt.Sprint(t), nil
	case nil:
		return "", errors.New("null is not a value; leave the key out if the request does not have it")
	}
	return "", fmt.Errorf("%v stands where a string, a number or a boolean belongs", t)
}
