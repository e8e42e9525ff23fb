using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Tests.Conditions;

public sealed class ValueTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("0")]
    [InlineData("-12.5")]
    [InlineData("12345678901234567890123")]
    [InlineData("\"text\"")]
    [InlineData("[1,\"a\",[null],{}]")]
    [InlineData("{\"b\":1,\"a\":{\"c\":[true]}}")]
    public void A_value_comes_out_of_json_as_it_went_in(string json)
    {
        var value = JsonSerializer.Deserialize<Value>(json);

        Assert.Equal(json, JsonSerializer.Serialize(value));
        Assert.Equal(value, Value.From(JsonElement.Parse(json)));
        Assert.Equal(value.GetHashCode(), Value.From(JsonElement.Parse(json)).GetHashCode());
    }

    [Fact]
    public void A_value_does_not_need_the_document_it_came_from()
    {
        Value value;
        using (var document = JsonDocument.Parse("""{"a":["x",{"b":"y"}]}"""))
        {
            value = Value.From(document.RootElement);
        }

        Assert.Equal("y", value.At("a").Items[1].At("b").Text);
    }

    [Theory]
    [InlineData("a", "1")]
    [InlineData("b.c", "2")]
    [InlineData("d.e", "3")]
    [InlineData("b.c.d", "")]
    [InlineData("f.g.h", "4")]
    [InlineData("", "")]
    [InlineData("b.", "")]
    [InlineData(".b", "")]
    public void A_path_finds_nested_members_and_names_with_dots(string path, string expected)
    {
        var value = Value.From(JsonElement.Parse("""{"a":1,"b":{"c":2},"d.e":3,"d":{"e":9},"f":{"g.h":4}}"""));

        Assert.Equal(expected, value.At(path).ToString());
    }

    [Fact]
    public void Equality_is_strict_but_for_the_order_of_members()
    {
        Assert.NotEqual(Value.From("1"), Value.From(1));
        Assert.NotEqual(Value.From("a"), Value.From("A"));
        Assert.NotEqual(Value.Missing, Value.Null);
        Assert.Equal(Value.From(JsonElement.Parse("""{"a":1,"b":2}""")), Value.From(JsonElement.Parse("""{"b":2,"a":1}""")));
        Assert.NotEqual(Value.From(JsonElement.Parse("[1,2]")), Value.From(JsonElement.Parse("[2,1]")));
        Assert.Equal(Value.From(0.0), Value.From(-0.0));
        Assert.Equal(Value.Null, Value.From(double.NaN));
    }

    [Fact]
    public void Half_a_surrogate_pair_does_not_throw()
    {
        var element = JsonElement.Parse("""{"a\ud800":["x\udc00"],"\ud800":1}""");

        Assert.Equal("""x\udc00""", Value.From(element).At("""a\ud800""").Items[0].Text);
        Assert.Equal(ValueKind.Missing, Value.From(element).At("b").Kind);
        Assert.Equal(JsonValueKind.Undefined, new PropertyPath("b").Find(new() { Id = "", Name = "", At = default, Type = default, Properties = element }).ValueKind);
        Assert.Equal(Value.From("""x\udc00"""), JsonSerializer.Deserialize<Value>("""
            "x\udc00"
            """));
    }
}
