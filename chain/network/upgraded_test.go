package network

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	upgradetypes "cosmossdk.io/x/upgrade/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"

	"r3mes.dev/chain/app"
	"r3mes.dev/chain/x/remes/keeper"
	remestypes "r3mes.dev/chain/x/remes/types"
)

// nextRelease is a release after this one, as a test imagines it: its store is of the next version.
var nextRelease = app.Release{
	Upgrades:   append(slices.Clone(app.Current.Upgrades), "rehearsal"),
	Migrations: append(slices.Clone(app.Current.Migrations), doubleItems),
}

// doubleItems lets a block handle twice as many items that are due, from the upgrade's own height.
func doubleItems(ctx context.Context, k keeper.Keeper) error {
	height := sdk.UnwrapSDKContext(ctx).BlockHeight()
	scheduled, err := k.ParamsAt(ctx, height)
	if err != nil {
		return err
	}
	scheduled.Params.Block.ItemsMax *= 2
	if err := k.Params.Set(ctx, height, scheduled.Params); err != nil {
		return err
	}
	return k.NewestParams.Set(ctx, height)
}

// upgradedToNext: the migration of the release that takes over has changed the store everywhere.
func upgradedToNext(t *testing.T) {
	n := newNetwork(t)
	n.populate()
	before := n.itemsMax(n.validators[0])
	n.upgrade("current", "next")
	for _, v := range n.validators {
		if after := n.itemsMax(v); after != 2*before {
			t.Fatalf("%s handles %d items a block, it did %d", v.name, after, before)
		}
	}
}

// upgradedFromEarlier: this release takes over from the program of the one before it.
func upgradedFromEarlier(t *testing.T) {
	if *earlierNode == "" {
		t.Skip("-earlier names no remesd of the release before this one")
	}
	n := newNetworkOf(t, earlier)
	if version, now := n.storeVersion(n.validators[0]), 1+uint64(len(app.Current.Migrations)); version >= now {
		t.Fatalf("-earlier names a node whose store is of version %d: it must be one before %d", version, now)
	}
	n.populate()
	n.upgrade(earlier, "current")
	n.populate() // with messages that ask for what the migration wrote
	n.progress(1)
	n.requireOneState()
}

// upgrade has validators vote for the plan of a release. The one before it stops at the height of
// the plan, the new one changes the store there and goes on, and the old one is no longer of use.
func (n *network) upgrade(from, to string) {
	n.t.Helper()
	release := releases[to]
	plan := release.Upgrades[len(release.Upgrades)-1]
	// No block takes less than a second, so that the vote ends before.
	height := n.progress(0) + int64(votingPeriod/blockTime) + 10
	n.vote(&upgradetypes.MsgSoftwareUpgrade{
		Authority: authtypes.NewModuleAddress(govtypes.ModuleName).String(),
		Plan:      upgradetypes.Plan{Name: plan, Height: height},
	})
	for _, v := range n.validators {
		n.eventually("the old release stops", func() error {
			_, err := os.Stat(filepath.Join(v.home, "data", upgradetypes.UpgradeInfoFilename))
			return err
		})
	}
	for _, v := range n.validators {
		if at, err := v.height(); err != nil || at > height {
			n.t.Fatalf("%s went on to %d behind the plan's %d: %v", v.name, at, height, err)
		}
	}
	before := n.requireBalance(n.validators[0])
	n.stop(n.validators...)
	n.start(to, n.validators...)
	n.reach(height + 2)
	n.requireOneState()

	for _, v := range n.validators {
		if version := n.storeVersion(v); version != 1+uint64(len(release.Migrations)) {
			n.t.Fatalf("the store of %s has version %d", v.name, version)
		}
	}
	if after := n.requireBalance(n.validators[0]); after.Funded != before.Funded {
		n.t.Fatalf("the sums were %v and are %v", before, after)
	}
	n.requireRefusal(n.validators[3], from, plan)
	n.start(to, n.validators[3])
	n.reach(height + 2)
}

// vote brings a message through governance: proposed by the first validator, wanted by all.
func (n *network) vote(msg sdk.Msg) {
	n.t.Helper()
	first := n.validators[0]
	proposal, err := govv1.NewMsgSubmitProposal(
		[]sdk.Msg{msg}, coins(10*remestypes.REMES), first.account.address.String(), "", "Rehearsal",
		"Rehearse an upgrade.", false,
	)
	n.must(err)
	n.do(first, first.account, proposal)
	for _, v := range n.validators {
		n.submit(v, v.account, govv1.NewMsgVote(v.account.address, 1, govv1.OptionYes, ""))
	}
	n.eventually("the proposal passes", func() error {
		answer, err := govv1.NewQueryClient(n.ask(first, 0)).Proposal(
			context.Background(), &govv1.QueryProposalRequest{ProposalId: 1},
		)
		if err == nil && answer.Proposal.Status != govv1.StatusPassed {
			err = fmt.Errorf("it is %s %s", answer.Proposal.Status, answer.Proposal.FailedReason)
		}
		return err
	})
}

func (n *network) itemsMax(v *validator) uint32 {
	n.t.Helper()
	answer, err := remestypes.NewQueryClient(n.ask(v, 0)).Params(
		context.Background(), &remestypes.QueryParamsRequest{},
	)
	n.must(err)
	return answer.Params.Params.Block.ItemsMax
}

func (n *network) storeVersion(v *validator) uint64 {
	n.t.Helper()
	answer, err := upgradetypes.NewQueryClient(n.ask(v, 0)).ModuleVersions(
		context.Background(), &upgradetypes.QueryModuleVersionsRequest{ModuleName: "remes"},
	)
	n.must(err)
	return answer.ModuleVersions[0].Version
}

// requireRefusal: the old release makes no block on a store of the new one.
func (n *network) requireRefusal(v *validator, old, plan string) {
	n.t.Helper()
	n.stop(v)
	running, err := startProcess(old, v.home)
	n.must(err)
	defer running.signal(syscall.SIGKILL)
	n.eventually("the old release refuses the new store", func() error {
		if strings.Contains(lastLines(v.home, 200), "upgrade handler is missing for "+plan) {
			return nil
		}
		return fmt.Errorf("it has not said so")
	})
}
