package keeper

import (
	"context"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"r3mes.dev/chain/x/remes/types"
)

// asking is a question with its answer left out.
func asking[Q, A any](ask func(context.Context, Q) (A, error), question Q) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := ask(ctx, question)
		return err
	}
}

// Whoever asks wrongly is told so, and is never told that the node is at fault.
func TestQuestionsRefuse(t *testing.T) {
	w := newWorld(t, unchanged)
	w.openPool()
	ask, somebody := w.ask, w.address("somebody")
	for name, wrong := range map[string]struct {
		question func(context.Context) error
		code     codes.Code
	}{
		"a height below 0":     {asking(ask.Params, &types.QueryParamsRequest{AtHeight: -1}), codes.InvalidArgument},
		"a participant":        {asking(ask.Participant, &types.QueryParticipantRequest{Owner: somebody}), codes.NotFound},
		"no address of one":    {asking(ask.Participant, &types.QueryParticipantRequest{Owner: "somebody"}), codes.InvalidArgument},
		"an operator":          {asking(ask.Duties, &types.QueryDutiesRequest{Operator: somebody}), codes.NotFound},
		"no operator":          {asking(ask.Duties, &types.QueryDutiesRequest{Operator: "somebody"}), codes.InvalidArgument},
		"rewards of nobody":    {asking(ask.Rewards, &types.QueryRewardsRequest{Owner: "somebody"}), codes.InvalidArgument},
		"offences of nobody":   {asking(ask.Offences, &types.QueryOffencesRequest{Owner: "somebody"}), codes.InvalidArgument},
		"an offence":           {asking(ask.Offence, &types.QueryOffenceRequest{Owner: somebody, Fault: types.FAULT_WRONG_STEP, Subject: 9}), codes.NotFound},
		"an offence of nobody": {asking(ask.Offence, &types.QueryOffenceRequest{Owner: "somebody"}), codes.InvalidArgument},
		"cases of nobody":      {asking(ask.Cases, &types.QueryCasesRequest{Party: "somebody"}), codes.InvalidArgument},
		"cases of two filters": {asking(ask.Cases, &types.QueryCasesRequest{Party: somebody, SubmissionId: 1}), codes.InvalidArgument},
		"no hexadecimal":       {asking(ask.RefereeModule, &types.QueryRefereeModuleRequest{Id: "referee"}), codes.InvalidArgument},
		"a referee":            {asking(ask.RefereeModule, &types.QueryRefereeModuleRequest{Id: "00ff"}), codes.NotFound},
		"a model":              {asking(ask.Model, &types.QueryModelRequest{Id: 9}), codes.NotFound},
		"a dataset":            {asking(ask.Dataset, &types.QueryDatasetRequest{Id: 9}), codes.NotFound},
		"a pool":               {asking(ask.Pool, &types.QueryPoolRequest{Id: 9}), codes.NotFound},
		"a round":              {asking(ask.Round, &types.QueryRoundRequest{PoolId: 1, Number: 9}), codes.NotFound},
		"what a pool pays":     {asking(ask.Estimate, &types.QueryEstimateRequest{PoolId: 9}), codes.NotFound},
		"a lease":              {asking(ask.Lease, &types.QueryLeaseRequest{Id: 9}), codes.NotFound},
		"a submission":         {asking(ask.Submission, &types.QuerySubmissionRequest{Id: 9}), codes.NotFound},
		"a version":            {asking(ask.Adapter, &types.QueryAdapterRequest{Id: 9}), codes.NotFound},
		"a case":               {asking(ask.Case, &types.QueryCaseRequest{Id: 9}), codes.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			if err := wrong.question(w.ctx); status.Code(err) != wrong.code {
				t.Fatalf("%v, where %s is due", err, wrong.code)
			}
		})
	}
}
