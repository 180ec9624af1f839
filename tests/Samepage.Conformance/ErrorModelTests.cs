using Samepage.Conformance.ErrorModel;

namespace Samepage.Conformance;

/// <summary>
/// The error model: every fault of the table comes to the same reason and the same code on every system, and its message names what it is
/// about. <c>tests/wine/compare-errors.sh</c> lays the outcomes of two systems side by side.
/// </summary>
public sealed class ErrorModelTests(ITestOutputHelper output)
{
    /// <summary>A file to which the outcomes are added.</summary>
    private const string ListVariable = "SAMEPAGE_ERROR_LIST";

    private static readonly Dictionary<string, FaultCase> _table = FaultTable.Rows.ToDictionary(row => row.Title);

    public static TheoryData<string> Titles() => [.. _table.Keys];

    [Theory]
    [MemberData(nameof(Titles))]
    public void A_fault_comes_to_its_reason_and_code(string title)
    {
        FaultCase row = _table[title];
        if (Expect.IsWine && row.UnseenUnderWine is { } unseen)
        {
            Report(row, "unseen", unseen);
            Assert.Skip(unseen);
        }
        using var scene = new FaultScene();
        Action fault = row.Provoke(scene);
        Exception? thrown = Record.Exception(fault);
        Outcome found = Outcome.Of(thrown);
        Report(row, found.ToString(), row.Because);
        Assert.True(row.ExpectedHere == found, $"{found} instead of {row.ExpectedHere}: {thrown?.Message}");
        if (thrown is null)
            return;
        Assert.False(string.IsNullOrWhiteSpace(thrown.Message));
        Assert.Contains(scene.Subject, thrown.Message, StringComparison.Ordinal);
        if (thrown is SharedObjectException { ObjectName: { } name })
            Assert.Equal(scene.Name, name[(name.IndexOf('\\', StringComparison.Ordinal) + 1)..]);
    }

    [Fact]
    public void Every_reason_has_a_row_but_those_that_nobody_can_provoke()
    {
        // Unknown is what has no name; the other side of a channel dies, closes or fails in the tests of channels.
        FailureReason[] none = [FailureReason.Unknown, FailureReason.PeerDied, FailureReason.PeerClosed, FailureReason.CallFailed];
        HashSet<string> provoked = [.. FaultTable.Rows.Select(row => row.Expected.What)];
        Assert.Empty(Enum.GetValues<FailureReason>().Except(none).Select(reason => reason.ToString()).Except(provoked));
    }

    [Fact]
    public void Every_difference_has_its_reason() => Assert.Empty(
        from row in FaultTable.Rows
        where (row.OnWindows ?? row.OnLinux) is null != row.Because is null
        select row.Title);

    private void Report(FaultCase row, string found, string? declared)
    {
        string line = $"samepage error model: {row.Title} -> {found}{(declared is null ? "" : $" [declared: {declared}]")}";
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable(ListVariable) is { Length: > 0 } list)
            File.AppendAllText(list, line + "\n");
    }
}
