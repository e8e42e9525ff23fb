using PhoneNumbers;

namespace LeadFunctions.Forms;

/// <summary>Telephone numbers in the one form in which they are kept: <c>+38640123456</c>.</summary>
internal static class PhoneNumber
{
    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    public static bool IsRegion(string? text) => text is { Length: 2 } && Numbers.GetSupportedRegions().Contains(text);

    /// <summary>Null for what is no number that anybody could be called under.</summary>
    /// <param name="region">Where one without a country code is from; null: it has to have one.</param>
    public static string? Normalise(string text, string? region)
    {
        try
        {
            var number = Numbers.Parse(text, region);
            return Numbers.IsValidNumber(number) ? Numbers.Format(number, PhoneNumberFormat.E164) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}
