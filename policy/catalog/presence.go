package catalog

// Presence says which requests carry a condition key. A negated operator, an operator ending in IfExists and ForAllValues
// are all true of a request without the key, so this decides whether a condition protects anything.
//
// Source of every row: the "Availability" of each key in
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
type Presence uint8

// "Exactly" means those requests and no others; "only" means no others, and perhaps not all of those.
const (
	PresenceUnknown              Presence = iota // not stated here: any request may lack it
	PresenceAlways                               // exactly: all requests, anonymous ones too
	PresenceSigned                               // exactly: requests that are not anonymous
	PresenceOrganizationMember                   // exactly: principals of accounts in an organization; not services, not anonymous
	PresenceServicePrincipal                     // only: direct calls by a service principal
	PresenceTaggedPrincipal                      // only: users, roles and sessions with that tag
	PresenceUser                                 // exactly: IAM users
	PresenceTemporaryCredentials                 // only: temporary credentials
	PresenceNoVPCEndpoint                        // exactly: requests that did not come through a VPC endpoint
	PresenceVPCEndpoint                          // only: requests that came through a VPC endpoint
	PresenceCallerControlled                     // only: whoever sends the header, with any value they like
)

// String is a clause that completes "the key is present ...".
func (p Presence) String() string {
	return [...]string{
		"in requests that are not stated",
		"in every request",
		"in signed requests",
		"for principals of an organization",
		"in direct calls by a service principal",
		"for tagged principals",
		"for IAM users",
		"with temporary credentials",
		"in requests that do not use a VPC endpoint",
		"in requests through a VPC endpoint",
		"when the caller sends it",
	}[p]
}

// presence of a key by its name in keyTable.
func presence(name string) Presence {
	switch name {
	case "aws:CurrentTime", "aws:EpochTime", "aws:RequestedRegion", "aws:SecureTransport", "aws:UserAgent", "aws:ViaAWSService":
		return PresenceAlways
	case "aws:PrincipalAccount", "aws:PrincipalType", "aws:userid":
		return PresenceAlways // with the value "anonymous" or its like for anonymous requests
	case "aws:PrincipalArn", "aws:PrincipalIsAWSService":
		return PresenceSigned
	case "aws:PrincipalOrgID", "aws:PrincipalOrgPaths":
		return PresenceOrganizationMember
	case "aws:PrincipalServiceName", "aws:PrincipalServiceNamesList":
		return PresenceServicePrincipal
	case "aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths":
		return PresenceServicePrincipal // and only those the service chooses to send
	case "aws:PrincipalTag/${TagKey}":
		return PresenceTaggedPrincipal
	case "aws:username":
		return PresenceUser
	case "aws:MultiFactorAuthPresent", "aws:TokenIssueTime":
		return PresenceTemporaryCredentials
	case "aws:SourceIp":
		return PresenceNoVPCEndpoint
	case "aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp":
		return PresenceVPCEndpoint
	case "aws:SourceVpcArn", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths":
		return PresenceVPCEndpoint // and only in the services and Regions that support them
	case "aws:referer":
		return PresenceCallerControlled
	}
	return PresenceUnknown
}
