namespace LeadFunctions.Ingest.Reading;

/// <summary>A JSON number as one text, however it was written: 42, 42.0 and 4.2e1 are the same id. Digit by digit, since an id of 19 digits is more than a double can hold.</summary>
internal static class NumberText
{
    public static string Of(string json)
    {
        var isNegative = json.StartsWith('-');
        var mantissa = json.AsSpan(isNegative ? 1 : 0);
        var exponent = 0;
        if (mantissa.IndexOfAny('e', 'E') is >= 0 and var e)
        {
            // What is longer than an id may be stays as it was written.
            if (!int.TryParse(mantissa[(e + 1)..], out exponent) || Math.Abs(exponent) > IngestLimits.Text)
            {
                return json;
            }

            mantissa = mantissa[..e];
        }

        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var digits = string.Concat(whole, point < 0 ? [] : mantissa[(point + 1)..]);
        var places = whole.Length + exponent;
        if (places <= 0)
        {
            (digits, places) = (new string('0', 1 - places) + digits, 1);
        }

        digits = digits.PadRight(places, '0');
        var integer = digits[..places].TrimStart('0');
        var fraction = digits[places..].TrimEnd('0');
        var text = (integer.Length > 0 ? integer : "0") + (fraction.Length > 0 ? "." + fraction : "");
        return isNegative && text != "0" ? "-" + text : text;
    }
}
