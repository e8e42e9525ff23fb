using LeadFunctions.Events;
using LeadFunctions.Leads.Identities;
using LeadFunctions.Leads.State;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

public sealed class BelongingTests
{
    private static readonly Identity User1 = Identity.User("u1");
    private static readonly Identity User2 = Identity.User("u2");
    private static readonly Identity Browser = Identity.Anonymous("a1");
    private static readonly Identity Mail = Identity.Email("Ann@Example.com");

    [Fact]
    public void A_person_never_seen_gets_the_id_of_the_strongest_identity_and_links_for_the_others()
    {
        var belonging = Belonging.Of([Unseen(User1), Unseen(Mail), Unseen(Browser)], []);

        Assert.Equal(User1.Hash(), belonging.LeadId);
        Assert.Equal([Mail, Browser], belonging.Links);
        Assert.Equal([User1, Mail, Browser], belonging.Owned);
        Assert.Empty(belonging.Merges);
    }

    [Fact]
    public void An_anonymous_browser_that_identifies_keeps_its_lead_and_only_gains_a_link()
    {
        var browser = Lead("b", Browser);

        var belonging = Belonging.Of([Unseen(User1), Seen(Browser, browser)], []);

        Assert.Equal(browser.Id, belonging.LeadId);
        Assert.Equal([User1], belonging.Links);
        Assert.Empty(belonging.Merges);
    }

    [Fact]
    public void A_known_person_absorbs_the_anonymous_history_of_another_browser()
    {
        var (known, browser) = (Lead("k", User1), Lead("b", Browser));

        var belonging = Belonging.Of([Seen(User1, known), Seen(Browser, browser)], []);

        Assert.Equal(known.Id, belonging.LeadId);
        Assert.Equal([browser.Id], belonging.Merges.Select(lead => lead.LeadId));
    }

    [Fact]
    public void A_browser_of_one_known_person_that_identifies_as_a_second_is_not_merged()
    {
        var first = Lead("k", User1, Browser);

        var unseenSecond = Belonging.Of([Unseen(User2), Seen(Browser, first)], []);
        Assert.Equal(User2.Hash(), unseenSecond.LeadId);
        Assert.Equal([User2], unseenSecond.Owned);
        Assert.Empty(unseenSecond.Merges);

        var second = Lead("s", User2);
        var seenSecond = Belonging.Of([Seen(User2, second), Seen(Browser, first)], []);
        Assert.Equal(second.Id, seenSecond.LeadId);
        Assert.Equal([User2], seenSecond.Owned);
        Assert.Empty(seenSecond.Merges);
    }

    [Fact]
    public void Of_two_known_leads_of_one_person_the_older_stays()
    {
        var byMail = Lead("m", Mail);
        byMail.Own.FirstSeen = 1_000;
        var byUser = Lead("k", User1);
        byUser.Own.FirstSeen = 2_000;

        var belonging = Belonging.Of([Seen(User1, byUser), Seen(Mail, byMail)], []);

        Assert.Equal(byMail.Id, belonging.LeadId);
        Assert.Equal([byUser.Id], belonging.Merges.Select(lead => lead.LeadId));
    }

    [Fact]
    public void Leads_whose_merge_was_taken_back_are_not_merged_again()
    {
        var (known, browser) = (Lead("k", User1), Lead("b", Browser));
        known.Apart.Add(browser.Id);

        var belonging = Belonging.Of([Seen(User1, known), Seen(Browser, browser)], []);

        Assert.Equal(known.Id, belonging.LeadId);
        Assert.Empty(belonging.Merges);
        Assert.Equal([User1], belonging.Owned);
    }

    [Fact]
    public void A_second_e_mail_address_from_the_same_browser_is_another_person()
    {
        var first = Lead("k", Mail, Browser);
        var other = Identity.Email("bob@example.com");

        var belonging = Belonging.Of([Unseen(other), Seen(Browser, first)], []);

        Assert.Equal(other.Hash(), belonging.LeadId);
        Assert.Equal([other], belonging.Owned);
    }

    [Fact]
    public void Two_people_with_user_ids_are_not_joined_by_an_address_in_the_browser_of_the_other()
    {
        var (bob, ann) = (Lead("k", User2, Browser), Lead("s", User1, Mail));

        var belonging = Belonging.Of([Seen(Mail, ann), Seen(Browser, bob)], []);

        Assert.Equal(ann.Id, belonging.LeadId);
        Assert.Equal([Mail], belonging.Owned);
        Assert.Empty(belonging.Merges);
    }

    [Fact]
    public void Of_three_leads_those_join_that_may_be_one_person_with_the_stronger()
    {
        var (user, mail, browser) = (Lead("k", User1), Lead("m", Mail), Lead("b", Identity.Email("bob@example.com"), Browser));

        var belonging = Belonging.Of([Seen(User1, user), Seen(Mail, mail), Seen(Browser, browser)], []);

        Assert.Equal([User1, Mail], belonging.Owned);
        Assert.DoesNotContain(browser.Id, belonging.Merges.Select(lead => lead.LeadId).Append(belonging.LeadId));
    }

    [Fact]
    public void An_address_of_somebody_else_is_not_owned_beside_a_user_id_and_a_new_one_is()
    {
        var (user, other) = (Lead("k", User1), Lead("s", User2, Mail));

        Assert.Equal([User1], Belonging.Of([Seen(User1, user), Seen(Mail, other)], []).Owned);
        Assert.Equal([User1, Mail], Belonging.Of([Seen(User1, user), Unseen(Mail)], []).Owned);
    }

    [Fact]
    public void Whoever_is_known_by_an_address_alone_joins_a_user_id_that_comes_with_it_also_one_that_has_another_address()
    {
        var (victim, mallory) = (Lead("v", Mail), Lead("m", User2, Identity.Email("mallory@example.com")));

        var belonging = Belonging.Of([Seen(User2, mallory), Seen(Mail, victim)], []);

        Assert.Equal([User2, Mail], belonging.Owned);
        Assert.Equal(["m", "v"], belonging.Merges.Select(lead => lead.LeadId).Append(belonging.LeadId).Order());
        Assert.Empty(Belonging.Of([Seen(User2, mallory), Seen(Mail, Lead("v", User1, Mail))], []).Merges);
    }

    [Fact]
    public void What_is_on_its_way_to_a_lead_speaks_against_another_and_for_nobody()
    {
        var waiting = Lead("b", Browser);
        waiting.Claims = [User2.Key];

        Assert.Empty(Belonging.Of([Unseen(User1), Seen(Browser, waiting)], []).Merges);
        Assert.Equal([User1], Belonging.Of([Unseen(User1), Seen(Browser, waiting)], []).Owned);

        var known = Lead("k", User1);
        known.Claims = [User2.Key];
        Assert.Equal([User2], Belonging.Of([Seen(User2, Lead("s", User2)), Seen(Browser, known)], []).Owned);
    }

    [Fact]
    public void A_merge_that_was_taken_back_keeps_also_those_apart_that_absorbed_one_of_the_two()
    {
        var (known, browser, later) = (Lead("k", User1), Lead("b", Browser), Lead("l", Mail));
        known.Apart.Add(browser.Id);
        later.Absorbed.Add(new AbsorbedLead(browser.Id, browser.Own, 0));

        Assert.Empty(Belonging.Of([Seen(User1, known), Seen(Mail, later)], []).Merges);
    }

    [Fact]
    public void An_alias_joins_even_two_users()
    {
        var (first, second) = (Lead("k", User1), Lead("s", User2));
        second.Own.FirstSeen = 5;

        var belonging = Belonging.Of([Seen(User1, first)], [Seen(User2, second), Unseen(Identity.Anonymous("u2"))]);

        Assert.Equal(second.Id, belonging.LeadId);
        Assert.Equal([first.Id], belonging.Merges.Select(lead => lead.LeadId));
    }

    [Fact]
    public void An_alias_to_an_identity_that_is_yet_to_come_links_it_in_both_its_meanings()
    {
        var belonging = Belonging.Of([Unseen(User1)], [Unseen(Identity.User("old")), Unseen(Identity.Anonymous("old"))]);

        Assert.Equal(User1.Hash(), belonging.LeadId);
        Assert.Equal([Identity.User("old"), Identity.Anonymous("old")], belonging.Links);
        Assert.Equal([User1, Identity.Anonymous("old")], belonging.Owned);
    }

    [Theory]
    [InlineData("ann@example.com", true)]
    [InlineData(" Ann@Example.COM ", true)]
    [InlineData("no address", false)]
    [InlineData("@x", false)]
    [InlineData("x@", false)]
    public void Only_what_looks_like_an_address_is_an_identity(string email, bool isOne)
    {
        var identities = Identity.Of(Identify("m1", 0, null, "a1", new { email }));

        Assert.Equal(isOne ? [Mail, Browser] : [Browser], identities);
    }

    [Fact]
    public void Lead_ids_are_spread_over_all_shards_and_are_row_key_safe()
    {
        var ids = Enumerable.Range(0, 1_000).Select(i => Identity.User("u" + i).Hash()).ToList();

        Assert.All(ids, id => Assert.True(LeadIds.IsValid(id)));
        Assert.Equal(LeadIds.Shards, ids.Select(LeadIds.ShardIndex).Distinct().Count());
        Assert.All(ids.GroupBy(LeadIds.ShardIndex), shard => Assert.InRange(shard.Count(), 80, 180));
    }

    private static Sighting Unseen(Identity identity) => new(identity, null);

    private static Sighting Seen(Identity identity, LeadState lead) => new(identity, Person.Of(lead));

    private static LeadState Lead(string id, params Identity[] identities)
    {
        var lead = new LeadState { Id = id };
        lead.Own.FirstSeen = 10_000;
        foreach (var identity in identities)
        {
            lead.Own.AddIdentity(identity);
        }

        return lead;
    }
}
