package files

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// ReadPolicy reads one bare policy document of a file, - for stdin.
func ReadPolicy(stdin io.Reader, name string) (*iam.Document, error) {
	in := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, program.Cause(err)
		}
		defer f.Close() //nolint:errcheck // nothing was written to it
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, iam.MaxSize+1))
	if err != nil {
		return nil, program.Cause(err)
	}
	return iam.Parse(string(text))
}

// ReadOnePolicy reads the one policy document of a file, bare or in an object.
func ReadOnePolicy(name string) (*iam.Document, error) {
	if name == manifest.Stdin {
		return nil, errors.New("standard input is used for logs; name a file")
	}
	file, err := manifest.Open(name, nil)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, item := range file.Items {
		if item.Object == nil {
			texts = append(texts, item.Document)
			continue
		}
		reading, _, err := source.Read(item.Object)
		if err != nil {
			return nil, err
		}
		for _, d := range reading.Documents {
			if d.Err != nil {
				return nil, d.Err
			}
			if !d.Shadowed {
				texts = append(texts, d.Raw)
			}
		}
	}
	if len(texts) != 1 {
		return nil, fmt.Errorf("it holds %d policies, not one", len(texts))
	}
	return iam.Parse(texts[0])
}
