package main

import "github.com/spf13/cobra"

func newACL() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "acl",
		Short: "Find the way out of ACLs",
		Long: `Find the way out of ACLs: what the logs say about who still needs one, the policy that takes the place of a bucket's ACL,
and what has to be done in which order.`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(newACLPlan(), newACLUsage())
	return cmd
}
