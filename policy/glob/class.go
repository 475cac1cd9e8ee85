package glob

// Class is a set of characters that one piece of a template stands for.
type Class byte

// The classes. Their bytes are none of UTF-8's.
const (
	Digit    Class = 0xf8 + iota // 0 to 9
	Anything                     // all there are
	NotColon                     // all but `:`
	NotSlash                     // all but `/` and `:`
	Host                         // what a service principal's name is made of: a to z, 0 to 9, `.` and `-`
	manyOf                       // the piece before it stands for any number of its characters
)

// members returns the characters of a class of few, those first that are in no smaller class. ok is false for any other.
func (c Class) members() (chars string, ok bool) {
	switch c {
	case Digit:
		return "1023456789", true
	case Host:
		return "xabcdefghijklmnopqrstuvwyz.-0123456789", true
	}
	return "", false
}

// in reports whether a class has a character.
func (c Class) in(r rune) bool {
	switch c {
	case Digit:
		return '0' <= r && r <= '9'
	case Anything:
		return true
	case NotColon:
		return r != ':'
	case NotSlash:
		return r != '/' && r != ':'
	case Host:
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '.' || r == '-'
	}
	return false
}

// excluded returns the characters that a class of nearly everything lacks.
func (c Class) excluded() string {
	switch c {
	case NotColon:
		return ":"
	case NotSlash:
		return "/:"
	}
	return ""
}
