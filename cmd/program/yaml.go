package program

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"sigs.k8s.io/yaml"
)

// ReadYAML decodes the one YAML document of a text and refuses what into has no field for. The error is for who wrote the text.
func ReadYAML(text []byte, into any, options ...json.Options) error {
	raw, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		line, reason := YAMLMistake(string(text), err)
		if line > 0 {
			return fmt.Errorf("line %d: %s", line, reason)
		}
		return fmt.Errorf("%s", reason)
	}
	return DecodeJSON(raw, into, options...)
}

// DecodeJSON decodes a JSON text and refuses what into has no field for. The error is for who wrote the text.
func DecodeJSON(raw []byte, into any, options ...json.Options) error {
	return DescribeJSON(raw, json.Unmarshal(raw, into, append(options, json.RejectUnknownMembers(true))...))
}

var yamlLine = regexp.MustCompile(`^(?:error converting YAML to JSON: )?yaml: (?:unmarshal errors:\n  )?(?:line (\d+): )?`)

// YAMLMistake returns the line of a text, 0 where it is not known, at which a reader of YAML stopped, and what is wrong there.
func YAMLMistake(text string, err error) (line int, reason string) {
	said := err.Error()
	if m := yamlLine.FindStringSubmatch(said); m != nil {
		said = said[len(m[0]):]
		line, _ = strconv.Atoi(m[1])
	}
	if tabbed(text, max(line, 1)) {
		return max(line, 1), "the line is indented with a tab; YAML allows spaces only"
	}
	if m := repeatedKey.FindStringSubmatch(said); m != nil {
		return line, "key " + m[1] + m[2] + " is there twice"
	}
	for _, m := range yamlMistakes {
		if strings.Contains(said, m.said) {
			return line, m.reason
		}
	}
	return line, "this is not YAML"
}

var repeatedKey = regexp.MustCompile(`(?:key ("[^\n]*") already set in map|mapping key ("[^\n]*") already defined)`)

// yamlMistakes are by what the libraries say, the first that fits.
var yamlMistakes = []struct{ said, reason string }{
	{"a second document begins", "a second document begins without `---`"},
	{"mapping values are not allowed", `a colon stands where no value may begin; indent as the line before, or put the text in quotes`},
	{"did not find expected ',' or ']'", "a list in [ ] is not closed, or lacks a comma"},
	{"did not find expected ',' or '}'", "an object in { } is not closed, or lacks a comma"},
	{"did not find expected '-' indicator", "the line is indented other than the items of its list"},
	{"did not find expected key", "the line is indented other than the ones before it, or text follows a closed quote"},
	{"could not find expected ':'", "a key lacks its colon, or the line before it is indented too little"},
	{"found unexpected end of stream", "a quote or bracket is not closed"},
	{"found unexpected document indicator", "a quote is not closed before the end of the document"},
	{"found unknown escape character", `a text in double quotes has an unknown escape; use single quotes, or write \\ for a backslash`},
	{"did not find expected hexdecimal number", `hexadecimal digits must follow \x, \u and \U`},
	{"found invalid Unicode character escape code", `an escape such as \ud800 is no character`},
	{"found character that cannot start any token", "a text may not begin with @, %, ` or a tab; put it in quotes"},
	{"did not find expected alphabetic or numeric character", "* and & begin an alias and an anchor; put the text in quotes"},
	{"unknown anchor", "an alias (*NAME) has no anchor (&NAME) before it; put the text in quotes if it is none"},
	{"value contains itself", "an alias contains itself"},
	{"excessive aliasing", "its aliases expand to too much"},
	{"exceeded max depth", "it is nested too deeply"},
	{"map merge requires", "<< must name an object, or a list of them"},
	{"block sequence entries are not allowed", `"- " stands where no list may begin; indent as the line before, or put the text in quotes`},
	{"mapping keys are not allowed", `"? " stands where no key may begin; put the text in quotes`},
	{"did not find expected comment or line break", "text follows | or >; begin it on the next line"},
	{"indentation indicator", "text follows | or >; begin it on the next line"},
	{"invalid map key", "a key is a list or a mapping; it must be text"},
	{"base64", "!!binary must be base64"},
	{"cannot decode", "a tag such as !!int does not fit its value"},
	{"tag", "! begins a tag; put the text in quotes"},
	{"URI", "! begins a tag; put the text in quotes"},
	{"directive", "a line may not begin with %; put the text in quotes"},
	{"YAML document", "a line may not begin with %; put the text in quotes"},
	{"<document start>", "text follows the end of the document"},
	{"did not find expected node content", "a value is missing, or a comma too many"},
	{"unsupported value", ".nan and .inf are not values of JSON"},
	{"control characters are not allowed", "there is a control character; remove it"},
	{"UTF-8", "a byte is not UTF-8; save the file as UTF-8"},
}

// tabbed reports whether a line of a text, from 1, is indented with a tab.
func tabbed(text string, line int) bool {
	n := 0
	for l := range strings.Lines(text) {
		if n++; n == line {
			return strings.Contains(l[:len(l)-len(strings.TrimLeft(l, " \t"))], "\t")
		}
	}
	return false
}
