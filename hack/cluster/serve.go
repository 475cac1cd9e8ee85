package cluster

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// Server is a running process.
type Server struct {
	cmd   *exec.Cmd
	out   bytes.Buffer  // of stdout, complete once done is closed
	log   bytes.Buffer  // of stderr, the same
	ready chan struct{} // closed when it prints "ready"
	done  chan struct{}
	err   error // of the process, once done is closed
}

// launch starts a process and returns at once.
func launch(cmd *exec.Cmd) (*Server, error) {
	s := &Server{cmd: cmd, ready: make(chan struct{}), done: make(chan struct{})}
	s.cmd.Stderr = &s.log
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(s.done)
		for lines := bufio.NewScanner(io.TeeReader(stdout, &s.out)); lines.Scan(); {
			if lines.Text() == "ready" {
				close(s.ready)
			}
		}
		s.err = s.cmd.Wait()
	}()
	return s, nil
}

// Serve starts the binary's `serve --register-local` and returns once the API server reaches it. It listens on a
// loopback port that is free now.
func (c *Cluster) Serve(ctx context.Context, binary string, flags ...string) (*Server, error) {
	port, err := FreePort()
	if err != nil {
		return nil, err
	}
	s, err := launch(exec.Command(binary, append([]string{
		"serve", "--register-local", "--kubeconfig", c.Kubeconfig, "--port", strconv.Itoa(port),
		"--metrics-bind-address", "0", "--health-probe-bind-address", "0",
		"--shutdown-delay", "0s", // nobody balances a load here
	}, flags...)...))
	if err != nil {
		return nil, err
	}
	select {
	case <-s.ready:
		return s, nil
	case <-s.done:
		return nil, fmt.Errorf("%s serve ended before it was ready: %w\n%s", binary, s.err, s.log.Bytes())
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), s.Stop())
	case <-time.After(patience):
		return nil, errors.Join(fmt.Errorf("%s serve is not ready after %s", binary, patience), s.Stop())
	}
}

// Stop asks the server to end, and makes it end when it does not. The error says that it did not end well, with its log.
func (s *Server) Stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err == nil {
		select {
		case <-s.done:
		case <-time.After(patience):
			_ = s.cmd.Process.Kill() // all that can fail is that it has just ended
		}
	}
	<-s.done
	if s.err != nil {
		return fmt.Errorf("%s: %w\n%s", s.cmd.Path, s.err, s.log.Bytes())
	}
	return nil
}

// Kill ends the server as a power cut does.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill() // all that can fail is that it has just ended
	<-s.done
}

// PID is the number of the process.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// FreePort returns a TCP port of loopback that nothing listens on now.
func FreePort() (int, error) {
	ports, err := FreePorts(1)
	if err != nil {
		return 0, err
	}
	return ports[0], nil
}

// FreePorts returns so many different ones. All are held until the last is found: a port that was let go may come again.
func FreePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close() //nolint:errcheck // nothing was written to it
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
