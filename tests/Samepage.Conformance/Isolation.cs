using System.Runtime.CompilerServices;

namespace Samepage.Testing;

/// <summary>Keeps every run of a suite apart from all else on the machine: its objects live in a directory of their own that goes with it.</summary>
internal static class Isolation
{
    private const string Variable = "SAMEPAGE_ROOT";
    private const string OwnerVariable = "SAMEPAGE_TEST_ROOT_OWNER";

    /// <summary>The directory; only systems where objects are files use it.</summary>
    public static string Root { get; private set; } = "";

    [ModuleInitializer]
    internal static void Begin()
    {
        // A process that a test started stays with its parent's objects.
        if (Environment.GetEnvironmentVariable(OwnerVariable) is not null)
        {
            Root = Environment.GetEnvironmentVariable(Variable)!;
            return;
        }
        const string Memory = "/dev/shm";
        string parent = Directory.Exists(Memory) ? Memory : Path.GetTempPath();
        Root = Path.Combine(parent, $"samepage-test-{Environment.ProcessId}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Root);
        Environment.SetEnvironmentVariable(Variable, Root);
        Environment.SetEnvironmentVariable(OwnerVariable, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove();
    }

    private static void Remove()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // Somebody still writes there; what is left is a directory of this run's own.
        }
    }
}
