using System.Globalization;
using System.Text.Encodings.Web;
using Fluid.Values;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Templates.Liquid;

/// <summary>Values as Liquid sees them. A value is only ever a value: nothing of it is read as a template.</summary>
internal static class LiquidValues
{
    public static FluidValue Of(Value value) => value.Kind switch
    {
        ValueKind.Text => new StringValue(value.Text),
        ValueKind.True or ValueKind.False => BooleanValue.Create(value.Truth == true),
        ValueKind.Number => decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? NumberValue.Create(number) : new StringValue(value.ToString()),
        ValueKind.Array => new ArrayValue(ItemsOf(value)),
        ValueKind.Object => new DictionaryValue(new FluidValueDictionaryFluidIndexable(MembersOf(value))),
        _ => NilValue.Instance,
    };

    private static FluidValue[] ItemsOf(Value value)
    {
        var items = new FluidValue[value.Items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Of(value.Items[i]);
        }

        return items;
    }

    private static Dictionary<string, FluidValue> MembersOf(Value value)
    {
        var members = new Dictionary<string, FluidValue>();
        foreach (var (name, member) in value.Members)
        {
            members[name] = Of(member);
        }

        return members;
    }
}

/// <summary>Nothing is known there. Asking whether there is something is no fault; writing it is, and is noted by its name.</summary>
internal sealed class MissingValue(string path, ISet<string> missing) : BaseNilValue
{
    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo)
    {
        missing.Add(path);
        return default;
    }

    public override string ToStringValue()
    {
        missing.Add(path);
        return "";
    }
}

/// <summary>What a filter made into HTML and escaped. Whatever further filters make of it is text again, and is escaped.</summary>
internal sealed class MarkupValue(string html) : FluidValue
{
    public override FluidValues Type => FluidValues.String;

    public override bool Equals(FluidValue? other) => other is not null && new StringValue(html).Equals(other);

    public override bool ToBooleanValue() => true;

    public override decimal ToNumberValue() => new StringValue(html).ToNumberValue();

    public override string ToStringValue() => html;

    public override object ToObjectValue() => html;

    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo)
    {
        writer.Write(html);
        return default;
    }
}

/// <summary>Takes what is written, as long as there is room.</summary>
internal sealed class LimitedWriter(LiquidContext context) : StringWriter(CultureInfo.InvariantCulture)
{
    public override void Write(char value) => base.Write(Room(1, value));

    public override void Write(string? value) => base.Write(Room(value?.Length ?? 0, value));

    public override void Write(char[] buffer, int index, int count) => base.Write(Room(count, buffer), index, count);

    public override void Write(ReadOnlySpan<char> buffer)
    {
        Room(buffer.Length, false);
        base.Write(buffer);
    }

    private T Room<T>(int length, T written)
    {
        context.Spend(length);
        return GetStringBuilder().Length + length <= LiquidLimits.Output ? written : throw new LiquidFaultException($"It comes to more than {LiquidLimits.Output} characters.");
    }
}
