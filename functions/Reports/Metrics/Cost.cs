using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Platform;
using NodaTime;
using NodaTime.Text;

namespace LeadFunctions.Reports.Metrics;

/// <summary>Money spent on winning leads over some days, as a person wrote it down, checked.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day; it is spread evenly over all.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Kind">labour, technology or media; null: nobody said.</param>
/// <param name="Target">Whose leads it was for, by one of <see cref="Targets"/>; null: it is not allocated.</param>
internal sealed record Cost(string? Name, LocalDate From, LocalDate To, double Amount, string Currency, string? Kind, KeyValuePair<string, string>? Target)
{
    /// <summary>Of a document.</summary>
    public const int MostDays = 3_660;

    // Many of these still add up to a number.
    private const double MostAmount = 1e12;

    /// <summary>Of what nobody said the kind of.</summary>
    public const string NoKind = "other";

    /// <summary>The row of what names nobody's.</summary>
    public const string Unallocated = "(unallocated)";

    /// <summary>For whose leads money is spent: of a source, of a campaign that brought them, of a journey that made them MQLs.</summary>
    public static readonly IReadOnlyList<string> Targets = [Dimensions.Source, Dimensions.FirstCampaign, Dimensions.Journey];

    private static readonly string[] Fields = ["name", "from", "to", "amount", "currency", "kind", .. Targets, "$schema"];
    private static readonly string[] Kinds = ["labour", "technology", "media"];

    /// <summary>All mistakes at once; the cost is null when there is any.</summary>
    public static (Cost? Cost, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8) => DocumentText.Read(utf8, json => DocumentText.Read(json, Parse, Refuse), Refuse);

    /// <summary>What of it falls on each day of a range.</summary>
    public IEnumerable<(LocalDate Day, double Amount)> Days(LocalDate from, LocalDate to)
    {
        var each = Amount / (NodaTime.Period.DaysBetween(From, To) + 1);
        for (var day = LocalDate.Max(From, from); day <= LocalDate.Min(To, to); day = day.PlusDays(1))
        {
            yield return (day, each);
        }
    }

    private static (Cost? Cost, IReadOnlyList<DocumentError> Errors) Refuse(DocumentError error) => (null, [error]);

    private static (Cost? Cost, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json)
    {
        var errors = new List<DocumentError>();
        var cost = new DocumentObject(json, "$", errors, Fields);
        if (!cost.IsObject)
        {
            return (null, errors);
        }

        _ = cost.Text("$schema", 200); // for editors
        var (name, kind) = (cost.Text("name", 200), cost.Text("kind", 20));
        List<KeyValuePair<string, string>> targets = [.. Targets.Select(target => KeyValuePair.Create(target, cost.Text(target, 100) ?? "")).Where(target => target.Value.Length > 0)];
        var amount = cost.Number("amount", "a number of 0 or more", number => double.IsFinite(number) && number >= 0, required: true);
        var currency = cost.Text("currency", 3, required: true);
        var (from, to) = (Day(cost, "from"), Day(cost, "to"));
        if (amount > MostAmount)
        {
            errors.Add(new(cost.At("amount"), "This is more than anybody spends.", "a number up to 1000000000000") { IsForgivenIfStored = true });
        }

        if (targets.Count > 1)
        {
            cost.Add(cost.At(targets[1].Key), "It would count twice.", $"one of {string.Join(", ", Targets)}");
        }

        if (kind is not null && !Kinds.Contains(kind))
        {
            cost.Add(cost.At("kind"), "Costs are not of this kind.", $"one of {string.Join(", ", Kinds)}");
        }

        if (currency is not null && !CurrencyCode.IsValid(currency))
        {
            cost.Add(cost.At("currency"), "This is no currency.", "three capital letters as in ISO 4217: EUR");
        }

        if (from > to || (to is { } last && from is { } first && NodaTime.Period.DaysBetween(first, last) >= MostDays))
        {
            cost.Add(cost.At("to"), from > to ? "It ends before it begins." : "It is spread too far.", $"a day from \"from\" on, and at most {MostDays} days of it");
        }

        return DocumentError.Grave(errors) > 0 ? (null, errors) : (new(name, from!.Value, to!.Value, amount!.Value, currency!, kind, targets.Count > 0 ? targets[0] : null), errors); // all are required
    }

    private static LocalDate? Day(DocumentObject cost, string field)
    {
        if (cost.Text(field, 10, required: true) is not { } text)
        {
            return null;
        }

        if (LocalDatePattern.Iso.Parse(text) is { Success: true, Value: { Year: >= 2000 and <= 2999 } day })
        {
            return day;
        }

        cost.Add(cost.At(field), "This is not a day.", "a day from 2000 on, as 2026-03-01");
        return null;
    }
}
