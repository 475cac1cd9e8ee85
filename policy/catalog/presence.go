package catalog

// Presence says which requests carry a condition key. A negated operator, an operator ending in IfExists and ForAllValues
// are all true of a request without the key, so this decides whether a condition protects anything.
//
// Source of every row: the "Availability" of each key in
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
type Presence uint8

// "Exactly" means those requests and no others; "only" means no others, and perhaps not all of those.
// What is said of requests through a VPC endpoint or not leaves out calls by a service, from which AWS redacts network keys.
const (
	PresenceUnknown              Presence = iota // not stated here: any request may lack it
	PresenceAlways                               // exactly: all requests, anonymous ones too
	PresenceSigned                               // exactly: requests that are not anonymous
	PresenceOrganizationMember                   // exactly: principals of accounts in an organization; not services, not anonymous
	PresenceOrganizationResource                 // exactly: buckets of accounts in an organization
	PresenceServicePrincipal                     // only: direct calls by a service principal
	PresenceForwardedAccess                      // only: calls that a service makes with the credentials of its caller
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
		"in requests that AWS does not name",
		"in every request",
		"in signed requests",
		"for principals of an organization",
		"for buckets of an organization",
		"in direct calls by a service principal",
		"in calls that a service forwards",
		"for tagged principals",
		"for IAM users",
		"with temporary credentials",
		"in requests that do not use a VPC endpoint",
		"in requests through a VPC endpoint",
		"when the caller sends it",
	}[p]
}

// presence of a key of keyTable.
func presence(k Key) Presence {
	switch k.Name {
	case "aws:CurrentTime", "aws:EpochTime", "aws:RequestedRegion", "aws:SecureTransport", "aws:UserAgent", "aws:ViaAWSService":
		return PresenceAlways
	case "aws:PrincipalAccount", "aws:PrincipalType", "aws:userid":
		return PresenceAlways // anonymous requests have the account "anonymous", the type "Anonymous"
	case "aws:ResourceAccount":
		return PresenceAlways // but for a list of actions that has none of S3
	case "aws:PrincipalArn", "aws:PrincipalIsAWSService":
		return PresenceSigned
	case "aws:PrincipalOrgID", "aws:PrincipalOrgPaths":
		return PresenceOrganizationMember
	case "aws:ResourceOrgID", "aws:ResourceOrgPaths":
		return PresenceOrganizationResource
	case "aws:PrincipalServiceName", "aws:PrincipalServiceNamesList":
		return PresenceServicePrincipal
	case "aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths":
		return PresenceServicePrincipal // and only those the service chooses to send
	case "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "aws:CalledViaAWSMCP", "aws:ViaAWSMCPService":
		return PresenceForwardedAccess
	case "aws:PrincipalTag/${TagKey}":
		return PresenceTaggedPrincipal
	case "aws:username":
		return PresenceUser
	case "aws:SourceIp":
		return PresenceNoVPCEndpoint
	case "aws:SourceVpc", "aws:SourceVpcArn", "aws:SourceVpce", "aws:VpcSourceIp",
		"aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths":
		return PresenceVPCEndpoint
	case "aws:referer":
		return PresenceCallerControlled
	}
	if k.Category == CategorySession {
		return PresenceTemporaryCredentials
	}
	return PresenceUnknown
}
