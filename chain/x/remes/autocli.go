package remes

import autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

// AutoCLIOptions describe the module's commands; the SDK builds them from the services. Governance
// messages have no command, since nobody can sign them alone: they travel in proposals.
func (AppModule) AutoCLIOptions() *autocliv1.ModuleOptions {
	return &autocliv1.ModuleOptions{
		Query: &autocliv1.ServiceCommandDescriptor{
			Service: "remes.v1.Query", RpcCommandOptions: queryCommands(),
		},
		Tx: &autocliv1.ServiceCommandDescriptor{
			Service: "remes.v1.Msg", RpcCommandOptions: txCommands(),
		},
	}
}

// command is a method with its sentence and the fields that are given by position.
func command(method, use, short string, fields ...string) *autocliv1.RpcCommandOptions {
	options := &autocliv1.RpcCommandOptions{
		RpcMethod: method, Use: use, Short: short, FlagOptions: flagsOf(method),
	}
	for _, field := range fields {
		options.PositionalArgs = append(
			options.PositionalArgs, &autocliv1.PositionalArgDescriptor{ProtoField: field},
		)
		options.Use += " [" + field + "]"
	}
	return options
}

func queryCommands() []*autocliv1.RpcCommandOptions {
	return []*autocliv1.RpcCommandOptions{
		command("Params", "params", "The parameters that hold at a height"),
		command("Participant", "participant", "A participant with its bonds", "owner"),
		command("Verifiers", "verifiers", "The active verifiers"),
		command("Beacon", "beacon", "The current epoch and the last final beacon"),
		command("Referees", "referees", "The referees"),
		command("RefereeModule", "referee-module", "The bytes of a referee", "id"),
		command("Model", "model", "A model", "id"),
		command("Models", "models", "The models"),
		command("Dataset", "dataset", "A dataset", "id"),
		command("Datasets", "datasets", "The datasets"),
		command("Pool", "pool", "A pool and its current round", "id"),
		command("Pools", "pools", "The pools"),
		command("Round", "round", "A round", "pool_id", "number"),
		command("Estimate", "estimate", "What a chunk of a pool would pay its miner now", "pool_id"),
		command("Rounds", "rounds", "The rounds of a pool", "pool_id"),
		command("Lease", "lease", "A lease", "id"),
		command("Submission", "submission", "A submission with its audits", "id"),
		command(
			"Submissions", "submissions", "The submissions of a round that is not settled",
			"pool_id", "round",
		),
		command(
			"Findings", "findings", "What verifiers found wrong with a submission", "submission_id",
		),
		command(
			"Attestations", "attestations", "The attestations of a round that is not complete",
			"pool_id", "round",
		),
		command("Adapter", "adapter", "An adapter version", "id"),
		command("Adapters", "adapters", "The adapter versions"),
		command("Rewards", "rewards", "What somebody may withdraw", "owner"),
		command("Offences", "offences", "What somebody was fined for", "owner"),
		command("Offence", "offence", "Why somebody was fined", "owner", "fault", "subject"),
		command("Case", "case", "The file of a dispute, and who must move until when", "id"),
		command("Cases", "cases", "The disputes"),
		command("Duties", "duties", "What an operator must do next, and by when", "operator"),
		command("Supply", "supply", "The running sums of money, and whether they balance"),
	}
}

func txCommands() []*autocliv1.RpcCommandOptions {
	commands := []*autocliv1.RpcCommandOptions{
		command(
			"SetOperator", "set-operator", "Register, or change the key that signs the daily work",
			"operator",
		),
		command("Bond", "bond", "Add to the bond of a role, in uremes", "role", "amount"),
		command("Unbond", "unbond", "Start the return of free bond, in uremes", "role", "amount"),
		command(
			"CommitBeacon", "commit-beacon", "Contribute to the next epoch's beacon", "epoch",
			"commitment",
		),
		command("RevealBeacon", "reveal-beacon", "Open a contribution", "epoch", "secret"),
		command("ProposeDataset", "propose-dataset", "Offer a dataset, with a deposit"),
		command("OpenPool", "open-pool", "Fund the training of an adapter"),
		command("ClosePool", "close-pool", "End a pool after its current round", "pool_id"),
		command("ClaimChunk", "claim-chunk", "Lease the next chunk of a pool's queue", "pool_id"),
		command("Commit", "commit", "Bind yourself to your work", "lease_id", "commitment"),
		command("Reveal", "reveal", "Open a commitment", "submission_id"),
		command("OpenStep", "open-step", "Show the states around the drawn step", "submission_id"),
		command(
			"CommitVerdict", "commit-verdict", "Bind yourself to a verdict", "submission_id",
			"commitment",
		),
		command("RevealVerdict", "reveal-verdict", "Open a verdict", "submission_id", "verdict"),
		command("Attest", "attest", "Vouch for the sum of a round", "pool_id", "round"),
		command(
			"FindFault", "find-fault", "Say what is wrong with work whose miner lost a case",
			"submission_id", "part",
		),
		command("Challenge", "challenge", "Dispute a step, an update or a sum", "kind"),
		command("PostTrace", "post-trace", "Show the children of the disputed node", "case_id"),
		command(
			"Pinpoint", "pinpoint", "Name the first child that differs", "case_id", "child",
		),
		command("ExecuteTile", "execute-tile", "Have the disputed tile computed", "case_id"),
		command("WithdrawRewards", "withdraw-rewards", "Pay out what has become free"),
	}
	for _, method := range []string{
		"UpdateParams", "RegisterReferee", "RegisterModel", "SetModelStatus", "SetDatasetStatus",
		"SetPoolWeight",
	} {
		commands = append(commands, &autocliv1.RpcCommandOptions{RpcMethod: method, Skip: true})
	}
	return commands
}
