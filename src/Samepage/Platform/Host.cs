namespace Samepage.Platform;

/// <summary>The one place that asks which system this is.</summary>
internal static class Host
{
    public static IPlatform Platform { get; } =
        OperatingSystem.IsLinux() ? new Linux.LinuxPlatform() :
        OperatingSystem.IsWindows() ? new Windows.WindowsPlatform() :
        throw new PlatformNotSupportedException(
            "Samepage runs on Windows and on Linux with glibc (x64, arm64); there is no process-local stand-in on other systems.");
}
