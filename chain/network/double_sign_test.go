package network

import (
	"context"
	"crypto/rand"
	"fmt"
	"testing"

	"cosmossdk.io/math"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// signedTwice: two votes of one validator for two blocks of one height cost it a twentieth of its
// stake, and its place for ever. The votes are signed here with its key, as a second process with a
// copy of the key would; that process itself shows nothing more, and only with luck.
func signedTwice(t *testing.T) {
	n := newNetwork(t)
	culprit, witness := n.validators[3], n.validators[0]
	evidence := n.twoVotes(culprit, witness)
	_, err := witness.client.BroadcastEvidence(context.Background(), evidence)
	n.must(err)

	slashed := math.NewInt(stake).MulRaw(95).QuoRaw(100)
	n.eventually("the validator is slashed", func() error {
		answer, err := stakingtypes.NewQueryClient(n.ask(witness, 0)).Validator(
			context.Background(),
			&stakingtypes.QueryValidatorRequest{ValidatorAddr: culprit.operator().String()},
		)
		if err == nil && (!answer.Validator.Jailed || !answer.Validator.Tokens.Equal(slashed)) {
			err = fmt.Errorf(
				"jailed %t with %s", answer.Validator.Jailed, answer.Validator.Tokens,
			)
		}
		return err
	})
	info, err := slashingtypes.NewQueryClient(n.ask(witness, 0)).SigningInfo(
		context.Background(), &slashingtypes.QuerySigningInfoRequest{
			ConsAddress: sdk.ConsAddress(culprit.signer.GetAddress()).String(),
		},
	)
	n.must(err)
	if !info.ValSigningInfo.Tombstoned {
		t.Fatal("the validator may come back")
	}

	n.eventually("three validators are left", func() error {
		set, err := witness.client.Validators(context.Background(), nil, nil, nil)
		if err == nil && set.Total != 3 {
			err = fmt.Errorf("there are %d", set.Total)
		}
		return err
	})
	n.progress(2)
	release := slashingtypes.NewMsgUnjail(culprit.operator().String())
	if n.result(witness, n.submit(witness, culprit.account, release)).Code == 0 {
		t.Fatal("the validator was let back in")
	}
	n.requireOneState()
	n.requireBalance(witness)
}

// twoVotes are precommits for two invented blocks of a height that is over.
func (n *network) twoVotes(culprit, witness *validator) cmttypes.Evidence {
	n.t.Helper()
	height := n.progress(1) - 1
	block, err := witness.client.Block(context.Background(), &height)
	n.must(err)
	set, err := witness.client.Validators(context.Background(), &height, nil, nil)
	n.must(err)
	validators := cmttypes.NewValidatorSet(set.Validators)
	index, _ := validators.GetByAddress(culprit.signer.GetAddress())
	sign := func() *cmttypes.Vote {
		vote := &cmttypes.Vote{
			Type: cmtproto.PrecommitType, Height: height, BlockID: n.inventedBlock(),
			Timestamp: block.Block.Time, ValidatorAddress: culprit.signer.GetAddress(),
			ValidatorIndex: index,
		}
		bytes := cmttypes.VoteSignBytes(chainID, vote.ToProto())
		vote.Signature, err = culprit.signer.Key.PrivKey.Sign(bytes)
		n.must(err)
		return vote
	}
	evidence, err := cmttypes.NewDuplicateVoteEvidence(sign(), sign(), block.Block.Time, validators)
	n.must(err)
	return evidence
}

func (n *network) inventedBlock() cmttypes.BlockID {
	hash, parts := make([]byte, 32), make([]byte, 32)
	for _, bytes := range [][]byte{hash, parts} {
		_, err := rand.Read(bytes)
		n.must(err)
	}
	return cmttypes.BlockID{
		Hash: hash, PartSetHeader: cmttypes.PartSetHeader{Total: 1, Hash: parts},
	}
}
