package cluster

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// Event is one request in the audit log, or a stage of one.
type Event struct {
	Stage, Verb    string
	User           struct{ Username string }
	ObjectRef      struct{ APIGroup, Resource, Subresource, Name string }
	ResponseStatus struct{ Code int }
	Annotations    map[string]string
}

// Journal reads the audit log, and goes on where it has ended before.
type Journal struct {
	file    *os.File
	lines   *bufio.Reader
	partial []byte // of a line that is being written
}

// OpenJournal opens the audit log at its start.
func (c *Cluster) OpenJournal() (*Journal, error) {
	file, err := os.Open(c.AuditLog)
	if err != nil {
		return nil, err
	}
	return &Journal{file: file, lines: bufio.NewReader(file)}, nil
}

// Close closes the file.
func (j *Journal) Close() error { return j.file.Close() }

// Each calls f with every event that has come since the last time.
func (j *Journal) Each(f func(Event)) error {
	for {
		line, err := j.lines.ReadBytes('\n')
		j.partial = append(j.partial, line...)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var event Event
		if err := json.Unmarshal(j.partial, &event); err != nil {
			return fmt.Errorf("the audit log: %w", err)
		}
		j.partial = j.partial[:0]
		f(event)
	}
}
