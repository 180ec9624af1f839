using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Samepage.Conformance;

/// <summary>The table: every behaviour of the model that this suite answers for has a test that carries its number.</summary>
public sealed partial class CoverageTests
{
    public static TheoryData<int> InScope() => [.. Enumerable.Range(1, 21), .. Enumerable.Range(30, 6), .. Enumerable.Range(40, 7)];

    private static readonly HashSet<int> _tested =
    [
        .. from type in typeof(CoverageTests).Assembly.GetTypes()
           from method in type.GetMethods()
           where method.GetCustomAttribute<FactAttribute>() is not null
           let number = Number().Match(method.Name)
           where number.Success
           select int.Parse(number.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
    ];

    [Theory]
    [MemberData(nameof(InScope))]
    public void Every_behaviour_has_a_test(int number) => Assert.Contains(number, _tested);

    [Fact]
    public void Every_test_but_these_carries_a_number() => Assert.Empty(
        from type in typeof(CoverageTests).Assembly.GetTypes()
        where type != typeof(CoverageTests) && type != typeof(ErrorModelTests)  // where each row carries its own
        where type.Namespace != typeof(Topics.TopicTests).Namespace && type.Namespace != typeof(Cells.CellTests).Namespace
            && type.Namespace != typeof(Services.ServiceTests).Namespace  // which Windows does not have
        from method in type.GetMethods()
        where method.GetCustomAttribute<FactAttribute>() is not null && !Number().IsMatch(method.Name)
        select $"{type.Name}.{method.Name}");

    [GeneratedRegex("^W([0-9]{2})_")]
    private static partial Regex Number();
}
