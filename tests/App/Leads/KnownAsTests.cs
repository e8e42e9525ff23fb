using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Tests.Leads;

public sealed class KnownAsTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261126, 3).WithMaxTest(500);

    private static readonly Gen<KnownAs> Names = Gen.Elements("u:1", "u:2", "e:1", "e:2", "a:1").ListOf().Select(KnownAs.Of);

    [Theory]
    [InlineData("u:bob", "u:ann", false)]
    [InlineData("u:bob", "u:bob", true)]
    [InlineData("u:bob", "", true)]
    [InlineData("u:bob", "e:ann", true)] // a form's address, later a user id
    [InlineData("u:bob e:bob", "e:ann", false)] // without user ids on both sides, addresses tell
    [InlineData("u:bob e:bob", "e:bob", true)]
    [InlineData("u:bob e:bob", "u:bob e:ann", true)] // one user, two addresses
    [InlineData("u:bob e:both", "u:ann e:both", false)] // two users, one address
    [InlineData("e:bob", "e:ann", false)]
    [InlineData("u:bob u:robert", "u:robert", true)] // an alias
    [InlineData("a:browser", "u:ann", true)] // a browser's id says nothing about people
    [InlineData("u:bob a:browser", "u:ann a:browser", false)]
    public void User_ids_tell_people_apart_and_else_addresses(string one, string other, bool mayBe)
    {
        var (a, b) = (Of(one), Of(other));

        Assert.Equal((mayBe, mayBe), (a.MayBe(b), b.MayBe(a)));
    }

    [Fact]
    public void They_are_sets_whatever_the_order_and_survive_a_row() => Prop.ForAll((from a in Names from b in Names select (a, b)).ToArbitrary(), pair =>
    {
        var (a, b) = pair;
        Assert.Equal(a.With(b), b.With(a));
        Assert.Equal(a.With(b), a.Without(b).With(b));
        Assert.Equal(a, KnownAs.Read(a.Write()));
        Assert.Equal(a.MayBe(b), b.MayBe(a));
        Assert.True(a.MayBe(a));
    }).Check(Fixed);

    private static KnownAs Of(string keys) => KnownAs.Of(keys.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
