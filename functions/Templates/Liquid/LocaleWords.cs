using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace LeadFunctions.Templates.Liquid;

/// <summary>How a language writes dates, numbers and amounts of money. It comes with the app (locales.json), so that a mail reads alike wherever it is made.</summary>
internal sealed class LocaleWords
{
    private static readonly FrozenDictionary<string, LocaleWords> Known = Read();

    private static readonly FrozenDictionary<string, string> Symbols = new Dictionary<string, string>
    {
        ["EUR"] = "€",
        ["USD"] = "$",
        ["GBP"] = "£",
        ["JPY"] = "¥",
        ["CNY"] = "CN¥",
        ["PLN"] = "zł",
        ["CZK"] = "Kč",
        ["UAH"] = "₴",
        ["RUB"] = "₽",
        ["INR"] = "₹",
        ["ILS"] = "₪",
        ["KRW"] = "₩",
        ["TRY"] = "₺",
        ["CAD"] = "CA$",
        ["AUD"] = "A$",
        ["NZD"] = "NZ$",
        ["HKD"] = "HK$",
        ["MXN"] = "MX$",
        ["BRL"] = "R$",
        ["SEK"] = "kr",
        ["NOK"] = "kr",
        ["DKK"] = "kr",
        ["HUF"] = "Ft",
    }.ToFrozenDictionary();

    private static readonly string[] NoDecimals = ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"];
    private static readonly string[] ThreeDecimals = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

    private readonly JsonElement _data;
    private readonly CultureInfo _alone;
    private readonly CultureInfo _withDay;

    private LocaleWords(string language, JsonElement data)
    {
        (Language, _data) = (language, data);
        Dates = data.GetProperty("dates").EnumerateObject().ToFrozenDictionary(pattern => pattern.Name, pattern => pattern.Value.GetString()!); // it is text
        (_alone, _withDay) = (Culture("monthsAlone"), Culture("months"));
    }

    /// <summary>Such as <c>pl</c>.</summary>
    public string Language { get; }

    public IReadOnlyDictionary<string, string> Dates { get; }

    /// <summary>Languages that it knows.</summary>
    public static IEnumerable<string> All => Known.Keys.Order(StringComparer.Ordinal);

    /// <summary>Of <c>pl-PL</c>, else of <c>pl</c>, else in English with the forms of words that the language has.</summary>
    public static LocaleWords Of(string? locale)
    {
        var tag = (locale ?? "en").Replace('_', '-').ToLowerInvariant();
        for (var at = tag; ; at = at[..at.LastIndexOf('-')])
        {
            if (Known.TryGetValue(at, out var words))
            {
                return words;
            }

            if (!at.Contains('-', StringComparison.Ordinal))
            {
                return new(at, Known["en"]._data);
            }
        }
    }

    /// <summary>Month names have another form beside a day, in many languages.</summary>
    public CultureInfo CultureFor(string pattern) => pattern.Contains("%d", StringComparison.Ordinal) || pattern.Contains("%-d", StringComparison.Ordinal) || pattern.Contains("%e", StringComparison.Ordinal) ? _withDay : _alone;

    /// <param name="decimals">Null: those that it has.</param>
    public string Number(decimal number, int? decimals)
    {
        var rounded = decimals is { } places ? Math.Round(number, places, MidpointRounding.AwayFromZero) : number;
        var fraction = decimals is { } fixedTo ? new string('0', fixedTo) : "##########";
        return rounded.ToString($"{(Math.Abs(rounded) < Grouped ? "0" : "#,##0")}.{fraction}", _alone);
    }

    /// <param name="currency">By ISO 4217; what is no such code is written as it is.</param>
    public string Money(decimal amount, string currency)
    {
        var number = Number(Math.Abs(amount), NoDecimals.Contains(currency) ? 0 : ThreeDecimals.Contains(currency) ? 3 : 2);
        var symbol = Symbols.GetValueOrDefault(currency, currency);
        var isBefore = _data.GetProperty("money").GetString() == "before";
        var sign = amount < 0 ? "-" : "";
        return symbol.Length == 0 ? sign + number : isBefore ? $"{sign}{symbol}{(char.IsLetter(symbol[^1]) ? "\u00A0" : "")}{number}" : $"{sign}{number}\u00A0{symbol}";
    }

    // Some languages leave four digits together.
    private decimal Grouped => _data.TryGetProperty("groupFrom", out var from) ? from.GetDecimal() : 1_000;

    private CultureInfo Culture(string months)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var dates = culture.DateTimeFormat;
        string[] names = [.. Words(_data.TryGetProperty(months, out _) ? months : "months"), ""];
        string[] shorter = [.. Words("monthsShort"), ""];
        (dates.MonthNames, dates.MonthGenitiveNames, dates.AbbreviatedMonthNames, dates.AbbreviatedMonthGenitiveNames) = (names, names, shorter, shorter);
        (dates.DayNames, dates.AbbreviatedDayNames) = (Words("days"), Words("daysShort"));
        culture.NumberFormat.NumberDecimalSeparator = _data.GetProperty("decimal").GetString()!; // it is text
        culture.NumberFormat.NumberGroupSeparator = _data.GetProperty("group").GetString()!; // it is text
        return CultureInfo.ReadOnly(culture);
    }

    private string[] Words(string name) => _data.GetProperty(name).GetString()!.Split(' ', '|'); // it is text

    private static FrozenDictionary<string, LocaleWords> Read()
    {
        using var stream = typeof(LocaleWords).Assembly.GetManifestResourceStream("locales.json")!; // embedded by the project
        using var json = JsonDocument.Parse(stream);
        return json.RootElement.EnumerateObject().ToFrozenDictionary(locale => locale.Name, locale => new LocaleWords(locale.Name.Split('-')[0], locale.Value.Clone()));
    }
}
