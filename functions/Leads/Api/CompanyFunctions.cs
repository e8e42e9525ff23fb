using System.Text.Json.Nodes;
using LeadFunctions.Access;
using LeadFunctions.Facts;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Leads.Api;

/// <summary>Companies, as their known leads make them.</summary>
public sealed class CompanyFunctions(LeadReader leads, TimeProvider time)
{
    private const string Prefix = "company.";
    private const int MaxSearch = 200;

    /// <summary>Leads whose word for the company is asked: those who do most.</summary>
    private const int Asked = 20;

    /// <summary>By the engagement of all their leads together, highest first.</summary>
    [Function(nameof(ListCompanies)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListCompanies([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/companies")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "q", "limit", "cursor")];
        var limit = LeadsRequest.Limit(request.Query, errors);
        if (request.Query["q"].ToString().Length > MaxSearch)
        {
            errors.Add(new FieldError("q", "This is too long to look for.", $"at most {MaxSearch} characters"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        Position? after = null;
        if (request.Query.TryGetValue("cursor", out var cursor) && !Cursor.TryDecode(cursor, out after))
        {
            return Problems.InvalidCursor();
        }

        // As of the first page, so that decay between two pages moves nobody.
        var asOf = after is null ? time.GetUtcNow() : DateTimeOffset.FromUnixTimeMilliseconds(after.AsOf);
        var words = FoldedText.Words(request.Query["q"].ToString());
        var found = (await leads.CompaniesAsync(null, asOf, cancellationToken))
            .Where(company => after is null || IsAfter(company, after))
            .Where(company => words.Length == 0 || Names(company, words))
            .OrderByDescending(company => company.Engagement).ThenBy(company => company.Key, StringComparer.Ordinal)
            .Take(limit + 1).ToList();
        return WebJson.Ok(new Page<ListedCompany>(
            [.. found.Take(limit).Select(ListedCompany.Of)], found.Count > limit ? Cursor.Encode(new Position(asOf.ToUnixTimeMilliseconds(), found[limit - 1].Engagement, found[limit - 1].Key)) : null));
    }

    [Function(nameof(GetCompany)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetCompany(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/companies/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if ((await leads.CompaniesAsync(id, time.GetUtcNow(), cancellationToken)).SingleOrDefault() is not { } company)
        {
            return Problems.NotFound("The company");
        }

        var (rows, _) = await leads.ListAsync(new ListingQuery(new ListingFilter(Company: id), ListingOrder.Engagement, Asked), null, cancellationToken);
        var read = await Task.WhenAll(rows.Select(row => leads.FindAsync(row.Lead.Id, cancellationToken)));
        return WebJson.Ok(new ShownCompany(ListedCompany.Of(company), TraitsOf(read.OfType<LeadState>()), [.. rows.Select(ListedLeadAnswer.Of)]));
    }

    /// <summary>What its leads say of it; of several the one that was said last.</summary>
    private static JsonObject TraitsOf(IEnumerable<LeadState> said) => LeadAnswer.Nested(
        said.SelectMany(lead => lead.Whole.Traits.All).Where(trait => trait.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .GroupBy(trait => trait.Key[Prefix.Length..], trait => trait.Value)
            .Select(trait => (trait.Key, trait.Aggregate((one, other) => Trait.Latest(Prefix + trait.Key, one, other)).Value)));

    private static bool IsAfter(Company company, Position after) =>
        company.Engagement < after.Engagement || (company.Engagement.Equals(after.Engagement) && string.CompareOrdinal(company.Key, after.Key) > 0);

    private static bool Names(Company company, byte[][] words)
    {
        var name = FoldedText.Bytes(company.Name ?? company.Key);
        return Array.TrueForAll(words, word => FoldedText.AnyWordStartsWith(name, word));
    }

    internal sealed record Position(long AsOf, double Engagement, string Key);
}

/// <param name="Id">What <c>group</c> calls it; of one that nobody grouped, <c>~</c> and its name.</param>
/// <param name="Leads">Known ones.</param>
/// <param name="Engagement">Of all of them together.</param>
internal sealed record ListedCompany(string Id, string? Name, int Leads, double Engagement, DateTimeOffset? LastSeen, IReadOnlyDictionary<string, int> Stages, IReadOnlyList<string> Owners)
{
    public static ListedCompany Of(Company company) => new(
        company.Key, company.Name, company.Leads, Math.Round(company.Engagement, 2), company.LastSeen > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(company.LastSeen) : null, company.Stages, company.Owners);
}

/// <param name="Traits">As they were said last, of those of its leads who do most.</param>
/// <param name="MostEngaged">The first of its leads; <c>GET /api/leads?company=</c> has all.</param>
internal sealed record ShownCompany(ListedCompany Company, JsonObject Traits, IReadOnlyList<ListedLeadAnswer> MostEngaged);
