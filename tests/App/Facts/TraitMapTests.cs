using System.Text.Json;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Facts;

namespace LeadFunctions.Tests.Facts;

public sealed class TraitMapTests
{
    [Theory]
    [InlineData("null", "\"\"")]
    [InlineData("1", "\"1\"")]
    [InlineData("true", "\"true\"")]
    [InlineData("[1]", "\"[1]\"")]
    [InlineData("2", "10")]
    [InlineData("\"a\"", "null")]
    public void Of_two_values_of_one_millisecond_the_same_stands_whichever_came_first(string one, string other)
    {
        Assert.Equal(Said(one, other), Said(other, one));

        static string Said(params string[] values)
        {
            var traits = new TraitMap();
            foreach (var value in values)
            {
                traits.Set("x", Value.From(JsonElement.Parse(value)), 1);
            }

            return $"{traits.Find("x").Kind} {traits.Find("x")}";
        }
    }

    [Fact]
    public void What_is_said_again_later_is_no_change_but_known_to_be_newer()
    {
        var traits = new TraitMap();
        traits.Set("x", Value.From("a"), 1);
        var (again, before) = (traits.Copy(), traits.Copy());

        Assert.False(again.Set("x", Value.From("a"), 2));
        before.Set("x", Value.From("a"), 0);

        Assert.Equal((false, true, 2L), (again.IsChanged, again.IsRenewed, again.SetAt("x")));
        Assert.Equal((false, false, 1L), (before.IsChanged, before.IsRenewed, before.SetAt("x")));
    }
}
