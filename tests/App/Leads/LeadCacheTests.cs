using Azure;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

public sealed class LeadCacheTests
{
    [Fact]
    public void Twenty_thousand_leads_with_little_history_are_kept()
    {
        var cache = new LeadCache(TimeProvider.System);
        var light = Apply(NewLead(), [Page("e", "/pricing", 1, "u1")]);

        Keep(cache, light, 20_000);

        Assert.NotNull(cache.Find("0"));
    }

    [Fact]
    public void Leads_with_a_long_history_do_not_fill_the_memory()
    {
        var cache = new LeadCache(TimeProvider.System);
        var heavy = Apply(NewLead(), Enumerable.Range(0, 250).Select(i => Track($"e{i}", "Product Added", i, "u1")));

        Keep(cache, heavy, 3_000);

        Assert.NotNull(cache.Find("2999"));
        Assert.Null(cache.Find("0"));
    }

    [Fact]
    public void A_lead_that_is_written_again_and_again_pushes_nobody_out()
    {
        var cache = new LeadCache(TimeProvider.System);
        var heavy = Apply(NewLead(), Enumerable.Range(0, 250).Select(i => Track($"e{i}", "Product Added", i, "u1")));
        cache.Keep("other", new LeadRow.Profile(heavy, ETag.All));

        for (var i = 0; i < 10_000; i++)
        {
            cache.Keep("one", new LeadRow.Profile(heavy, ETag.All));
        }

        Assert.NotNull(cache.Find("other"));
    }

    private static void Keep(LeadCache cache, LeadState state, int times)
    {
        for (var i = 0; i < times; i++)
        {
            cache.Keep($"{i}", new LeadRow.Profile(state, ETag.All));
        }
    }
}
