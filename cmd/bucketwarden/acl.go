package main

import "github.com/spf13/cobra"

func newACL() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "acl",
		Short: "Plan the move from ACLs to policies",
		Long: `Plan the move from ACLs to policies: who still needs an ACL according to the logs, the policy that replaces a bucket's ACL,
and the steps in order.`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(newACLPlan(), newACLUsage())
	return cmd
}
