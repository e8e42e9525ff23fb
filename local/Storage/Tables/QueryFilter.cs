using System.Globalization;
using System.Text;

namespace Azure.Data.Tables;

/// <summary>Writes values as OData literals.</summary>
internal static class QueryFilter
{
    /// <exception cref="ArgumentException">A value has no literal form: null, or a type that tables do not have.</exception>
    public static string Create(FormattableString filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var values = filter.GetArguments();
        var literals = new object[values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            literals[index] = Literal(values[index])
                ?? throw new ArgumentException($"Argument {index} of type {values[index]?.GetType().Name ?? "null"} has no OData literal.", nameof(filter));
        }

        return string.Format(CultureInfo.InvariantCulture, filter.Format, literals);
    }

    private static string? Literal(object? value) => value switch
    {
        string text => Quote(text),
        StringBuilder text => Quote(text.ToString()),
        char character => Quote(character.ToString()),
        bool flag => flag ? "true" : "false",
        byte or sbyte or short or ushort or int => Convert.ToString(value, CultureInfo.InvariantCulture),
        uint or long => Convert.ToString(value, CultureInfo.InvariantCulture) + "L",
        double number => Number(number),
        float number => Number(number),
        DateTimeOffset moment => Time(moment.UtcDateTime),
        DateTime time => Time(time.ToUniversalTime()),
        Guid id => $"guid'{id}'",
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        BinaryData data => $"X'{Convert.ToHexString(data.ToMemory().Span)}'",
        _ => null,
    };

    private static string Quote(string text) => $"'{text.Replace("'", "''")}'";

    private static string Time(DateTime utc) => $"datetime'{utc.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)}'";

    // Without a point the service would read an integer.
    private static string Number(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return double.IsInteger(number) && !text.Contains('E') ? text + ".0" : text;
    }
}
