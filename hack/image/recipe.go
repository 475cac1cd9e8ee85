package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// recipe is what the Dockerfile says.
type recipe struct {
	steps  []string          // shell commands of the build stage, whose working directory is the context
	args   map[string]string // of the build stage
	config v1.Config         // how the image is run
}

// out is the argument that names the directory of the image's files; in the Dockerfile, /out.
const out = "OUT"

// readRecipe reads a Dockerfile of two stages, the first of which builds and the second of which copies from it. args are
// the build's arguments. An instruction that is not understood is an error: this is no second Docker.
func readRecipe(name string, args map[string]string) (*recipe, error) {
	stages, err := readStages(name)
	if err != nil {
		return nil, err
	}
	r := &recipe{}
	for i, read := range []func(instructions.Command) error{r.readBuild, r.readFinal} {
		scope := map[string]string{}
		for _, cmd := range stages[i].Commands {
			if arg, ok := cmd.(*instructions.ArgCommand); ok {
				declare(scope, arg, args)
				continue
			}
			if err := expand(cmd, scope); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			if err := read(cmd); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, cmd.Location()[0].Start.Line, err)
			}
		}
		if i == 0 {
			r.args = scope
		}
	}
	return r, nil
}

// readStages reads the two stages of a Dockerfile.
func readStages(name string) ([]instructions.Stage, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.Parse(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	stages, before, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(stages) != 2 || stages[0].Name != "build" || stages[1].BaseName != "scratch" || len(before) > 0 {
		return nil, fmt.Errorf("%s: not a stage named build and one from scratch", name)
	}
	return stages, nil
}

// declare brings the arguments of ARG into scope, with the value that the build gives them or the one that stands there.
func declare(scope map[string]string, arg *instructions.ArgCommand, args map[string]string) {
	for _, a := range arg.Args {
		value, given := args[a.Key]
		if !given && a.Value != nil {
			value = *a.Value
		}
		scope[a.Key] = value
	}
}

// expand puts arguments in, where the instruction is one in which Docker does.
func expand(cmd instructions.Command, scope map[string]string) error {
	expandable, ok := cmd.(instructions.SupportsSingleWordExpansion)
	if _, isRun := cmd.(*instructions.RunCommand); isRun || !ok {
		return nil
	}
	env := make([]string, 0, len(scope))
	for key, value := range scope {
		env = append(env, key+"="+value)
	}
	lex := shell.NewLex('\\')
	return expandable.Expand(func(word string) (string, error) {
		word, _, err := lex.ProcessWord(word, shell.EnvsFromSlice(env))
		return word, err
	})
}

func (r *recipe) readBuild(cmd instructions.Command) error {
	switch cmd := cmd.(type) {
	case *instructions.WorkdirCommand:
		return nil
	case *instructions.CopyCommand:
		if cmd.From == "" && slices.Equal(cmd.SourcePaths, []string{"."}) && cmd.DestPath == "." {
			return nil
		}
	case *instructions.RunCommand:
		if cmd.PrependShell && len(cmd.Files) == 0 {
			r.steps = append(r.steps, strings.Join(cmd.CmdLine, " "))
			return nil
		}
	}
	return fmt.Errorf("%s: not understood", cmd.Name())
}

func (r *recipe) readFinal(cmd instructions.Command) error {
	switch cmd := cmd.(type) {
	case *instructions.LabelCommand:
		r.config.Labels = map[string]string{}
		for _, l := range cmd.Labels {
			r.config.Labels[l.Key] = l.Value
		}
		return nil
	case *instructions.CopyCommand:
		if cmd.From == "build" && slices.Equal(cmd.SourcePaths, []string{"/out/"}) && cmd.DestPath == "/" {
			return nil
		}
	case *instructions.UserCommand:
		r.config.User = cmd.User
		return nil
	case *instructions.EntrypointCommand:
		if !cmd.PrependShell {
			r.config.Entrypoint = cmd.CmdLine
			return nil
		}
	case *instructions.CmdCommand:
		if !cmd.PrependShell {
			r.config.Cmd = cmd.CmdLine
			return nil
		}
	}
	return fmt.Errorf("%s: not understood", cmd.Name())
}
